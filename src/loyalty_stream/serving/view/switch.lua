-- Let readers use a generation that is built, once it is no older than what they have.
--
-- KEYS: current, building, held, generations, positions of the new one, source of the new one.
-- ARGV: the new generation, now in ms, what the keys of a generation begin with, each place that the new one reads.
-- Answers 'switched'; 'behind': it must read on; 'retired': it took too long, and is reserved no more.
local generation, now, prefix = ARGV[1], ARGV[2], ARGV[3]
if redis.call('GET', KEYS[2]) ~= generation then
  return 'retired'
end
local old = redis.call('GET', KEYS[1])
if old then
  local id = redis.call('HGET', prefix .. old .. ':source', 'changelog_id')
  if id and id == redis.call('HGET', KEYS[6], 'changelog_id') then
    for index = 4, #ARGV do
      local theirs = tonumber(redis.call('HGET', prefix .. old .. ':positions', ARGV[index]) or 0)
      if tonumber(redis.call('HGET', KEYS[5], ARGV[index]) or 0) < theirs then
        return 'behind'
      end
    end
  end
  redis.call('ZADD', KEYS[4], now, old)
end
redis.call('SET', KEYS[1], generation)
redis.call('DEL', KEYS[2], KEYS[3])
return 'switched'
