/** The scripts that append to a channel's log and publish to every follower what they append. */
import { keys, script } from './scripts.ts';

/**
 * What both begin with. ARGV: inbox prefix, server, channel, name for a new incarnation, bounds of history (entries,
 * bytes, ms). A member's state is kept with the position of its entry, \`epoch:number\`: of two, the higher is newer.
 */
const appending = `${keys}
local inbox, me, channel, fresh = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local got = redis.call('HMGET', facts, 'life', 'epoch', 'seq', 'awake', 'bytes', 'joins', 'profile')
local life, epoch, profile = got[1] or '', tonumber(got[2] or 1), got[7] or ''
local seq, awake, bytes, joins = tonumber(got[3] or 0), tonumber(got[4] or 0), tonumber(got[5] or 0), tonumber(got[6] or 0)
local kept = redis.call('LLEN', log)
if kept == 0 then bytes = 0 end
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

local function another()
  flush()
  tell(table.concat({'w', channel, epoch, life}, ' '))
end

local function begin(name)
  flush()
  life, bytes, kept = name, 0, 0
  redis.call('DEL', log)
  another()
end

-- Of several states that belong together the first is not the last.
local together = false
local function sleepIfQuiet()
  if life ~= '' and awake == 0 and not together then begin('') end
end

local function wasAwake(uid)
  local before = redis.call('HGET', members, uid)
  return before and string.sub(before, 1, 1) == '1'
end

local function show(uid, awakens, member)
  if wasAwake(uid) then awake = awake - 1 end
  if awakens == '1' then awake = awake + 1 end
  if life == '' and awakens == '1' then
    lives = lives + 1
    begin(fresh .. lives)
  end
  append('m' .. (redis.call('HGET', sent, uid) or '') .. '|' .. member)
  redis.call('HSET', members, uid, awakens .. epoch .. ':' .. seq .. ' ' .. member)
  sleepIfQuiet()
end

local function stayOf(uid)
  local stay = redis.call('HGET', stays, uid)
  if not stay then return '', '', '' end
  return string.match(stay, '^(%d+) (%S+) (.*)$')
end

local function newest(uid, join, stream)
  for j, s, n in string.gmatch(redis.call('HGET', sent, uid) or '', '(%d+):(%d+):(%d+)') do
    if j == join and s == stream then return tonumber(n) end
  end
  return 0
end

local function advance(uid, join, stream, number)
  local all = {}
  for j, s, n in string.gmatch(redis.call('HGET', sent, uid) or '', '(%d+):(%d+):(%d+)') do
    if j ~= join or s ~= stream then all[#all + 1] = j .. ':' .. s .. ':' .. n end
  end
  all[#all + 1] = join .. ':' .. stream .. ':' .. number
  redis.call('HSET', sent, uid, table.concat(all, ',', math.max(1, #all - 15)))
end

local function finish()
  flush()
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
  redis.call('HSET', facts, 'life', life, 'epoch', epoch, 'seq', seq, 'awake', awake, 'bytes', bytes, 'joins', joins, 'profile', profile)
end
`;

/**
 * A batch of changes of one channel, each on the condition that the user's fence is the expected one. ARGV: as above,
 * then the life, the epoch and the number up to which the server knows the log, then the changes: \`put\`, \`send\`,
 * \`forget\`.
 */
export const commit = script(`${appending}
if redis.call('SISMEMBER', followers, me) == 0 then return {'strange'} end
if life ~= '' and life == ARGV[8] and epoch == tonumber(ARGV[9]) and seq < tonumber(ARGV[10]) then return {'lost'} end

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
    if hasSent ~= '=' then redis.call('HSET', sent, uid, hasSent) end
    show(uid, awakens, member)
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
  if newest(uid, join, stream) < number then
    advance(uid, join, stream, number)
    append('x' .. item)
  end
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

local changes = { put = {put, 11}, send = {send, 6}, forget = {forget, 3} }
local results, at = {}, 11
while at <= #ARGV do
  local change = changes[ARGV[at]]
  results[#results + 1] = change[1](at + 1)
  at = at + 1 + change[2]
end
finish()
return results
`);

/**
 * A server brings what it knows of a channel, and Redis takes what it lacks (C-61). ARGV: as above, then 1 if it knows
 * nothing itself, and others may know more who are not there (yet); the life, the epoch and the number up to which it
 * knows the log, the channel's profile and its highest join number, then what is known: its own users, each as \`own\`,
 * uid, fence, stay, and the member like a \`member\`'s; \`member\`, uid, awake or not, state, and the epoch and number of its
 * entry; \`message\`, 1 if of an own user, uid, join, stream, number, item; \`sent\`, uid, join, stream, number.
 *
 * The log is lost if the server knows it further than it goes. Then another epoch begins, and everything known counts.
 * Whoever knows nothing writes in another epoch, too, while others may know more: its entries have positions of their own.
 * In a log that is only behind in the server's knowledge, what it says of users who are not its own is not needed.
 */
export const restore = script(`${appending}
redis.call('SADD', followers, me)
local exists = redis.call('EXISTS', facts) == 1
local knownLife, knownEpoch, knownSeq = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11])
local same = life == knownLife and knownLife ~= ''
local behind = knownLife ~= '' and (not exists or (same and (epoch < knownEpoch or (epoch == knownEpoch and seq < knownSeq))))
-- Another server has begun another epoch: what it lacked is appended there.
local begun = same and exists and epoch > knownEpoch
local missing = false

local function older(uid, ofEpoch, ofSeq)
  local e, s = string.match(redis.call('HGET', members, uid) or '', '^%d(%d+):(%d+) ')
  if not e then return true end
  e, s, ofEpoch, ofSeq = tonumber(e), tonumber(s), tonumber(ofEpoch), tonumber(ofSeq)
  return e < ofEpoch or (e == ofEpoch and s < ofSeq)
end

-- Whose the own users are by now; those of whom another server has a newer claim are void.
local void, mine = {}, {}
local function holds(uid, fence, stay)
  local now, server, theirs = stayOf(uid)
  if now == '' then return true end
  -- Two servers that did not know of each other have both let the same stay in: it is where it went last (C-41).
  local session, attempt = string.match(stay, '"session":"([^"]*)"'), tonumber(string.match(stay, '"attempt":(%d+)'))
  local other = tonumber(string.match(theirs, '"attempt":(%d+)'))
  if server ~= me and session == string.match(theirs, '"session":"([^"]*)"') and attempt ~= other then
    return attempt > other
  end
  if tonumber(now) ~= tonumber(fence) then return tonumber(now) < tonumber(fence) end
  return server == me
end

local sizes = { own = 7, member = 5, message = 6, sent = 4 }
local function each(doing)
  local at = 14
  while at <= #ARGV do
    local what = ARGV[at]
    if doing[what] then doing[what](at) end
    at = at + 1 + sizes[what]
  end
end

each({
  own = function(at)
    local uid, fence = ARGV[at + 1], ARGV[at + 2]
    if not holds(uid, fence, ARGV[at + 3]) then void[#void + 1] = uid return end
    mine[uid] = true
    if stayOf(uid) ~= fence or older(uid, ARGV[at + 6], ARGV[at + 7]) then missing = true end
  end,
  message = function(at)
    local uid, number = ARGV[at + 2], tonumber(ARGV[at + 5])
    if ARGV[at + 1] == '1' and mine[uid] and newest(uid, ARGV[at + 3], ARGV[at + 4]) < number then missing = true end
  end,
})
local lost = behind or missing
if lost and not exists then life, profile, joins = knownLife, ARGV[12], tonumber(time[1]) end
if not exists and not lost then return {0, void, {}} end
local anew = ARGV[8] == '1' and life ~= '' and redis.call('SCARD', followers) > 1
if (lost or anew) and not begun then
  epoch = math.max(epoch, knownEpoch) + 1
  another()
end
local merges = lost or begun
joins = math.max(joins, tonumber(ARGV[13]))
together = true
each({
  own = function(at)
    local uid = ARGV[at + 1]
    if not mine[uid] then return end
    local before = stayOf(uid)
    redis.call('HSET', stays, uid, ARGV[at + 2] .. ' ' .. me .. ' ' .. ARGV[at + 3])
    -- What stands there under a claim that is over is that one's, however new (C-61).
    local ended = before ~= '' and before ~= ARGV[at + 2]
    if ended or older(uid, ARGV[at + 6], ARGV[at + 7]) then show(uid, ARGV[at + 4], ARGV[at + 5]) end
  end,
  member = function(at)
    local uid = ARGV[at + 1]
    if merges and older(uid, ARGV[at + 4], ARGV[at + 5]) then show(uid, ARGV[at + 2], ARGV[at + 3]) end
  end,
})
together = false
sleepIfQuiet()
each({
  message = function(at)
    local uid, join, stream, number = ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], tonumber(ARGV[at + 5])
    if not merges or redis.call('HEXISTS', members, uid) == 0 or newest(uid, join, stream) >= number then return end
    advance(uid, join, stream, number)
    append('x' .. ARGV[at + 6])
  end,
  sent = function(at)
    local uid, join, stream, number = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4])
    if not merges or redis.call('HEXISTS', members, uid) == 0 or newest(uid, join, stream) >= number then return end
    advance(uid, join, stream, number)
  end,
})
finish()
-- What Redis takes for this server's, though it does not know of it.
local more = {}
local all = redis.call('HGETALL', stays)
for i = 1, #all, 2 do
  local _, server = string.match(all[i + 1], '^(%d+) (%S+) ')
  if server == me and not mine[all[i]] then
    more[#more + 1] = {all[i], all[i + 1], redis.call('HGET', members, all[i]) or '', redis.call('HGET', sent, all[i]) or ''}
  end
end
return {lost and 1 or 0, void, more}
`);
