-- Reserve a new generation to be built; false while another one is.
--
-- KEYS: current, building, counter, generations. ARGV: milliseconds for which it stays reserved without a batch.
if redis.call('EXISTS', KEYS[2]) == 1 then
  return false
end
local generation = redis.call('INCR', KEYS[3])
redis.call('SET', KEYS[2], generation, 'PX', ARGV[1])
redis.call('ZADD', KEYS[4], 0, generation)
return tostring(generation)
