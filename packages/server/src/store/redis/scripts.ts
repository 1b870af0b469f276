/**
 * What Redis does in one step: each script is atomic, and touches the keys of one hash slot only. The first six keys
 * are always a channel's (names.ts): its facts, stays, members, what they sent, log, followers.
 */
import { createHash } from 'node:crypto';

export interface Script {
  readonly lua: string;
  readonly sha: string;
}

function script(lua: string): Script {
  // With this first line Redis refuses the whole script when it is out of memory, instead of breaking it off.
  const text = `#!lua\n${lua}`;
  return { lua: text, sha: createHash('sha1').update(text).digest('hex') };
}

const keys = `
local facts, stays, members, sent, log, followers = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
`;

/**
 * A batch of changes of one channel, each on the condition that the user's fence is the expected one, appended to the
 * log and published to every follower. ARGV: inbox prefix, server, channel, name for a new incarnation, bounds of
 * history (entries, bytes, ms), then the changes: \`put\`, \`send\`, \`forget\`.
 */
export const commit = script(`${keys}
local inbox, me, channel, fresh = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('SISMEMBER', followers, me) == 0 then return {'strange'} end
local got = redis.call('HMGET', facts, 'life', 'epoch', 'seq', 'awake', 'bytes', 'joins', 'profile')
local life, epoch, profile = got[1] or '', tonumber(got[2] or 1), got[7] or ''
local seq, awake, bytes, joins = tonumber(got[3] or 0), tonumber(got[4] or 0), tonumber(got[5] or 0), tonumber(got[6] or 0)
local kept = redis.call('LLEN', log)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local waiting, first, lives = {}, 0, 0

local function tell(text)
  for _, follower in ipairs(redis.call('SMEMBERS', followers)) do
    redis.call('PUBLISH', inbox .. follower, text)
  end
end

local function flush()
  if #waiting == 0 then return end
  tell(table.concat({'e', channel, life, epoch, first}, ' ') .. '\\n' .. table.concat(waiting))
  waiting = {}
end

local function append(item)
  seq = seq + 1
  if #waiting == 0 then first = seq end
  waiting[#waiting + 1] = struct.pack('>I4', #item) .. item
  redis.call('RPUSH', log, now .. ' ' .. item)
  kept = kept + 1
  bytes = bytes + #item
end

local function begin(name)
  flush()
  life, epoch, seq, bytes, kept = name, 1, 0, 0, 0
  redis.call('DEL', log)
  tell(table.concat({'w', channel, epoch, life}, ' '))
end

local function sleepIfQuiet()
  if life ~= '' and awake == 0 then begin('') end
end

local function wasAwake(uid)
  local before = redis.call('HGET', members, uid)
  return before and string.sub(before, 1, 1) == '1'
end

local function stayOf(uid)
  local stay = redis.call('HGET', stays, uid)
  if not stay then return '', '', '' end
  return string.match(stay, '^(%d+) (%S+) (.*)$')
end

local function put(at)
  local uid, expected, fence, server, stay, awakens = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
  local member, hasSent, joinNumber, ofProfile, note = ARGV[at + 6], ARGV[at + 7], ARGV[at + 8], ARGV[at + 9], ARGV[at + 10]
  local oldFence, oldServer, oldStay = stayOf(uid)
  if oldFence ~= expected then return {'void'} end
  if server == '' then server = oldServer end
  if stay == '' then stay = oldStay end
  redis.call('HSET', stays, uid, fence .. ' ' .. server .. ' ' .. stay)
  if joinNumber ~= '' then joins = math.max(joins, tonumber(joinNumber)) end
  if ofProfile ~= '' and life == '' then profile = ofProfile end
  if member ~= '' then
    if wasAwake(uid) then awake = awake - 1 end
    if awakens == '1' then awake = awake + 1 end
    redis.call('HSET', members, uid, awakens .. member)
    if hasSent ~= '=' then redis.call('HSET', sent, uid, hasSent) end
    if life == '' and awakens == '1' then
      lives = lives + 1
      begin(fresh .. lives)
    end
    append('m' .. (redis.call('HGET', sent, uid) or '') .. '|' .. member)
    sleepIfQuiet()
  end
  local heard = -1
  if note ~= '' then
    flush()
    heard = redis.call('PUBLISH', inbox .. oldServer, note)
  end
  return {'ok', life, epoch, seq, heard}
end

local function send(at)
  local uid, fence, join, stream, number, item = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), ARGV[at + 5]
  if stayOf(uid) ~= fence then return {'void'} end
  local all = {}
  for j, s, n in string.gmatch(redis.call('HGET', sent, uid) or '', '(%d+):(%d+):(%d+)') do
    if j == join and s == stream then
      if tonumber(n) >= number then return {'ok', life, epoch, seq, -1} end
    else
      all[#all + 1] = j .. ':' .. s .. ':' .. n
    end
  end
  all[#all + 1] = join .. ':' .. stream .. ':' .. number
  redis.call('HSET', sent, uid, table.concat(all, ',', math.max(1, #all - 15)))
  append('x' .. item)
  return {'ok', life, epoch, seq, -1}
end

local function forget(at)
  local uid, fence, member = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if stayOf(uid) ~= fence then return {'void'} end
  if wasAwake(uid) then awake = awake - 1 end
  redis.call('HDEL', stays, uid)
  redis.call('HDEL', members, uid)
  redis.call('HDEL', sent, uid)
  append('m|' .. member)
  sleepIfQuiet()
  return {'ok', life, epoch, seq, -1}
end

local function trim()
  while kept > 0 do
    local oldest = redis.call('LINDEX', log, 0)
    local at = string.match(oldest, '^%d+')
    local many = kept > tonumber(ARGV[5]) or bytes > tonumber(ARGV[6])
    if not many and now - tonumber(at) <= tonumber(ARGV[7]) then break end
    redis.call('LPOP', log)
    kept = kept - 1
    bytes = bytes - (#oldest - #at - 1)
  end
  redis.call('PEXPIRE', log, ARGV[7])
end

local changes = { put = {put, 11}, send = {send, 6}, forget = {forget, 3} }
local results, at = {}, 8
while at <= #ARGV do
  local change = changes[ARGV[at]]
  results[#results + 1] = change[1](at + 1)
  at = at + 1 + change[2]
end
flush()
trim()
redis.call('HSET', facts, 'life', life, 'epoch', epoch, 'seq', seq, 'awake', awake, 'bytes', bytes, 'joins', joins, 'profile', profile)
return results
`);

/** What the store knows of some users. ARGV: uids. */
export const look = script(`${keys}
local got = redis.call('HMGET', facts, 'life', 'epoch', 'seq', 'joins', 'profile')
local users = redis.call('HLEN', stays)
local joins = got[4] or redis.call('TIME')[1]
local found = {got[1] or '', got[2] or '1', got[3] or '0', joins, got[5] or '', users}
for _, uid in ipairs(ARGV) do
  found[#found + 1] = redis.call('HGET', stays, uid) or ''
  found[#found + 1] = redis.call('HGET', members, uid) or ''
  found[#found + 1] = redis.call('HGET', sent, uid) or ''
end
return found
`);

/**
 * What a follower lacks: the log since its place where all of it is kept, else the whole. ARGV: server, 1 to begin to
 * follow, its life, epoch and number.
 */
export const read = script(`${keys}
if ARGV[2] == '1' then
  redis.call('SADD', followers, ARGV[1])
elseif redis.call('SISMEMBER', followers, ARGV[1]) == 0 then
  return {'strange'}
end
local got = redis.call('HMGET', facts, 'life', 'epoch', 'seq', 'profile')
local life, epoch, seq = got[1] or '', got[2] or '1', tonumber(got[3] or 0)
local missed = seq - tonumber(ARGV[5])
local head = {life, epoch, seq, got[4] or ''}
if life ~= '' and life == ARGV[3] and epoch == ARGV[4] and missed >= 0 and missed <= redis.call('LLEN', log) then
  return {'tail', head, missed == 0 and {} or redis.call('LRANGE', log, -missed, -1)}
end
return {'whole', head, redis.call('LRANGE', log, 0, -1), redis.call('HGETALL', members), redis.call('HGETALL', sent)}
`);

/** The server follows no more; of a channel without users and followers nothing stays. ARGV: server. */
export const unfollow = script(`${keys}
redis.call('SREM', followers, ARGV[1])
if redis.call('SCARD', followers) == 0 and redis.call('HLEN', stays) == 0 then
  redis.call('DEL', facts, stays, members, sent, log)
end
return 1
`);

/**
 * The users of a server that is gone are a survivor's from here on, under new fences, and the one that is gone can
 * change nothing more (C-52). ARGV: survivor, the one that is gone.
 */
export const adopt = script(`${keys}
redis.call('SREM', followers, ARGV[2])
local adopted = {}
local all = redis.call('HGETALL', stays)
for i = 1, #all, 2 do
  local fence, server, stay = string.match(all[i + 1], '^(%d+) (%S+) (.*)$')
  if server == ARGV[2] then
    local value = string.format('%d', fence + 1) .. ' ' .. ARGV[1] .. ' ' .. stay
    redis.call('HSET', stays, all[i], value)
    adopted[#adopted + 1] = {all[i], value, redis.call('HGET', members, all[i]), redis.call('HGET', sent, all[i]) or ''}
  end
end
if #adopted > 0 then redis.call('SADD', followers, ARGV[1]) end
return adopted
`);

/** The users whom a server holds. ARGV: server. */
export const held = script(`${keys}
local found = {}
local all = redis.call('HGETALL', stays)
for i = 1, #all, 2 do
  local fence, server = string.match(all[i + 1], '^(%d+) (%S+) ')
  if server == ARGV[1] then found[#found + 1] = all[i] .. ' ' .. fence end
end
return found
`);

/**
 * KEYS: the servers, their beats, the dead, when the store began. ARGV: server, what others should know of it, how
 * long a store is young in ms.
 */
export const enlist = script(`
if redis.call('HLEN', KEYS[1]) == 0 then redis.call('SET', KEYS[4], '1', 'PX', ARGV[3]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
`);

/**
 * Renews a server's lease, tells its inbox so, and answers with the ms that the store is young, and all servers:
 * name, text, beat, ms since it, 1 if it is dead. KEYS: as above. ARGV: server, inbox prefix, beat.
 */
export const renew = script(`
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1 then return {'dead'} end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return {'unknown'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3] .. ' ' .. string.format('%d', now))
redis.call('PUBLISH', ARGV[2] .. ARGV[1], 'b ' .. ARGV[3])
local answer = {'ok', redis.call('PTTL', KEYS[4])}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local beat, at = string.match(redis.call('HGET', KEYS[2], all[i]) or '0 0', '^(%d+) (%d+)$')
  local dead = redis.call('HEXISTS', KEYS[3], all[i])
  answer[#answer + 1] = {all[i], all[i + 1], beat, string.format('%d', now - at), dead}
end
return answer
`);

/** A server is dead, if it has not renewed its lease after this beat: it can never come back. ARGV: server, beat or *. */
export const bury = script(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
local beat = string.match(redis.call('HGET', KEYS[2], ARGV[1]) or '0 0', '^%d+')
if ARGV[2] ~= '*' and beat ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[3], ARGV[1], redis.call('TIME')[1])
return 1
`);

/** All users of a dead server are adopted. KEYS: as above, the last one its channels. ARGV: server. */
export const settle = script(`
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[5])
local now = tonumber(redis.call('TIME')[1])
if redis.call('HLEN', KEYS[3]) > 100 then
  local dead = redis.call('HGETALL', KEYS[3])
  for i = 1, #dead, 2 do
    if now - tonumber(dead[i + 1]) > 3600 then redis.call('HDEL', KEYS[3], dead[i]) end
  end
end
return 1
`);

/** A living server has users in a channel, or no more. KEYS: as above, the last one its channels. ARGV: server, channel, 1 or 0. */
export const note = script(`
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1 or redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call(ARGV[3] == '1' and 'SADD' or 'SREM', KEYS[5], ARGV[2])
return 1
`);

/** KEYS: the dead server's channels. */
export const channelsOf = script(`return redis.call('SMEMBERS', KEYS[1])`);

/** KEYS: what is forbidden. ARGV: whom, for how long in ms. */
export const forbid = script(`
local time = redis.call('TIME')
local until_ = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2])
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d', until_))
return 1
`);

/** KEYS: what is forbidden. ARGV: whom. Answers 1 if it was. */
export const permit = script(`
local time = redis.call('TIME')
local ends = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[1], ARGV[1])
return ends and tonumber(ends) > time[1] * 1000 + math.floor(time[2] / 1000) and 1 or 0
`);

/** All that is forbidden, each with the ms that are left. KEYS: what is forbidden. */
export const banned = script(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local all, answer = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #all, 2 do
  local left = tonumber(all[i + 1]) - now
  if left > 0 then
    answer[#answer + 1] = all[i]
    answer[#answer + 1] = string.format('%d', left)
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return answer
`);
