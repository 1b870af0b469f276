/**
 * What Redis does in one step: each script is atomic, and touches the keys of one hash slot only. The first six keys
 * are always a channel's (names.ts): its facts, stays, members, what they sent, log, followers. What appends to a
 * channel's log stands in appending.ts.
 */
import { createHash } from 'node:crypto';

export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function script(lua: string): Script {
  // With this first line Redis refuses the whole script when it is out of memory, instead of breaking it off.
  const text = `#!lua\n${lua}`;
  return { lua: text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Names of the first six keys, for the scripts of a channel. */
export const keys = `
local facts, stays, members, sent, log, followers = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
`;

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
 * What a follower lacks: the log since its place where all of it is kept, else the whole; or it knows more than the log
 * has, which is lost then (C-61). ARGV: server, 1 to begin to follow, its life, epoch and number.
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
if life ~= '' and life == ARGV[3] and epoch == ARGV[4] and missed < 0 then return {'lost'} end
if life ~= '' and life == ARGV[3] and epoch == ARGV[4] and missed <= redis.call('LLEN', log) then
  return {'tail', head, missed == 0 and {} or redis.call('LRANGE', log, -missed, -1)}
end
return {'whole', head, redis.call('LRANGE', log, 0, -1), redis.call('HGETALL', members), redis.call('HGETALL', sent)}
`);

/** The server follows no more; of a channel without users and followers nothing stays. ARGV: server. */
export const unfollow = script(`${keys}
redis.call('SREM', followers, ARGV[1])
if redis.call('SCARD', followers) == 0 and redis.call('HLEN', members) == 0 then
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
    -- An heir that dies too has never heard them itself (C-58).
    if not string.find(stay, '"from":', 1, true) then stay = '{"from":"' .. ARGV[2] .. '",' .. string.sub(stay, 2) end
    local value = string.format('%d', fence + 1) .. ' ' .. ARGV[1] .. ' ' .. stay
    redis.call('HSET', stays, all[i], value)
    adopted[#adopted + 1] = {all[i], value, redis.call('HGET', members, all[i]), redis.call('HGET', sent, all[i]) or ''}
  end
end
if #adopted > 0 then redis.call('SADD', followers, ARGV[1]) end
return adopted
`);

/** Members whose stays nobody has put back after a loss are this server's from here on (C-61). ARGV: server, a stay. */
export const foster = script(`${keys}
local found = {}
for _, uid in ipairs(redis.call('HKEYS', members)) do
  if redis.call('HEXISTS', stays, uid) == 0 then
    local value = '1 ' .. ARGV[1] .. ' ' .. ARGV[2]
    redis.call('HSET', stays, uid, value)
    found[#found + 1] = {uid, value, redis.call('HGET', members, uid), redis.call('HGET', sent, uid) or ''}
  end
end
return found
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
 * long a store is young in ms, 1 if it was there before: then the store has lost what it knew; 2 if Redis was away when
 * it began: then an empty store has lost something, maybe.
 */
export const enlist = script(`
if ARGV[4] == '1' then
  redis.call('SET', KEYS[4], 'lost', 'PX', ARGV[3])
elseif redis.call('HLEN', KEYS[1]) == 0 then
  redis.call('SET', KEYS[4], ARGV[4] == '2' and 'lost' or 'new', 'PX', ARGV[3])
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
-- Whoever looks before it renews its lease for the first time must not take it for somebody who is away (C-61).
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then
  redis.call('HSET', KEYS[2], ARGV[1], '0 ' .. string.format('%d', now))
end
return 1
`);

/**
 * Renews a server's lease, tells its inbox so, and answers with the ms that the store is young, why, and all servers:
 * name, text, beat, ms since it, 1 if it is dead. KEYS: as above. ARGV: server, inbox prefix, beat.
 */
export const renew = script(`
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1 then return {'dead'} end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return {'unknown'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3] .. ' ' .. string.format('%d', now))
redis.call('PUBLISH', ARGV[2] .. ARGV[1], 'b ' .. ARGV[3])
local answer = {'ok', redis.call('PTTL', KEYS[4]), redis.call('GET', KEYS[4]) or ''}
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

/** The living servers, also one of which nobody else has heard yet. KEYS: the servers, their beats, the dead. */
export const living = script(`
local found = {}
for _, server in ipairs(redis.call('HKEYS', KEYS[1])) do
  if redis.call('HEXISTS', KEYS[3], server) == 0 then found[#found + 1] = server end
end
return found
`);

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
