-- GCRA for many requests over many keys, in one call.
--
-- A key holds its theoretical arrival time (TAT) in microseconds. A request passes a key when
-- TAT + interval <= now + interval * burst, and then moves the TAT one interval on. A request that
-- any of its keys refuses moves none of them. Requests are judged in order, at one instant.
--
-- KEYS  the distinct keys
-- ARGV  one JSON list (a single argument is packed and parsed in C on both sides), per request:
--       its number of limits, then for each limit: index into KEYS, interval in microseconds, burst
-- Returns the microseconds each request has to wait, 0 when it is allowed; nothing when all are,
-- as nearly always: reading a list costs its reader more than all the rest of the answer.

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local arrivals = {}
local changed = {}
local waits = {}
local at = 1
local refused = false
local calls = cjson.decode(ARGV[1])

local function arrival(index)
  if not arrivals[index] then
    arrivals[index] = tonumber(redis.call('GET', KEYS[index])) or 0
  end
  return math.max(arrivals[index], now)
end

while at <= #calls do
  local count = calls[at]
  local moved = {}
  local wait = 0
  at = at + 1
  for _ = 1, count do
    local index = calls[at]
    local interval = calls[at + 1]
    local burst = calls[at + 2]
    local following = arrival(index) + interval
    moved[index] = following
    wait = math.max(wait, following - interval * burst - now)
    at = at + 3
  end
  if wait <= 0 then
    for index, following in pairs(moved) do
      arrivals[index] = following
      changed[index] = true
    end
  end
  refused = refused or wait > 0
  waits[#waits + 1] = math.ceil(wait)
end

for index in pairs(changed) do
  local lifetime = math.ceil((arrivals[index] - now) / 1000)
  redis.call('SET', KEYS[index], string.format('%.3f', arrivals[index]), 'PX', lifetime)
end

return refused and waits or {}
