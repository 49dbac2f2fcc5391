// What the loads and tools of the bench of costs print, as numbers.
import { describe, expect, test } from 'vitest'
import { parseResult } from '../../bench/cost/loads/load.js'
import { parseWrk } from '../../bench/cost/loads/nginx.js'
import { parsePgbench } from '../../bench/cost/loads/postgres.js'
import { parseRedis } from '../../bench/cost/loads/redis.js'
import { resultOf } from '../../bench/cost/loads/repeat.js'
import { markedAlerts, markedSamples } from '../../bench/cost/marks.js'

describe('redis-benchmark --csv', () => {
  const head =
    '"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"'
  test('the time is that of all commands, latencies are means over them', () => {
    const csv = `${head}\n"SET","50000.00","0.3","0.1","0.250","0.5","1.000","2"\n"GET","100000.00","0.2","0.1","0.750","0.9","0.500","1"\n`
    expect(parseRedis(csv, 100_000)).toEqual({ operations: 200_000, seconds: 3, p50: 500, p99: 750 })
  })
  test('output without the columns is an error', () =>
    expect(() => parseRedis('"test","rps"\n"SET","1"\n', 1)).toThrow('no column p50_latency_ms'))
})

describe('wrk --latency', () => {
  const output = (last = '') => `Running 2s test @ http://127.0.0.1:8080/
  1 threads and 20 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.02ms    2.20ms  30.00ms   92.00%
    Req/Sec    24.40k     2.10k   28.00k    70.00%
  Latency Distribution
     50%  253.00us
     75%  490.00us
     90%    2.10ms
     99%   11.39ms
  48730 requests in 2.00s, 201.00MB read
${last}Requests/sec:  24365.00
`
  test('requests, seconds and latencies', () =>
    expect(parseWrk(output())).toEqual({ operations: 48730, seconds: 2, p50: 253, p99: 11390 }))
  test('failed requests are an error, not throughput', () => {
    expect(() => parseWrk(output('  Non-2xx or 3xx responses: 48730\n'))).toThrow('failed')
    expect(() => parseWrk(output('  Socket errors: connect 0, read 3, write 0, timeout 0\n'))).toThrow('failed')
  })
})

describe('pgbench --log', () => {
  const line = (us: number) => `0 199 ${us} 0 1175850568 995598`
  test('percentiles of all transactions', () => {
    const log = Array.from({ length: 100 }, (_, i) => line(100 - i)).join('\n')
    expect(parsePgbench(`${log}\n`, 2)).toEqual({ operations: 100, seconds: 2, p50: 50, p99: 99 })
  })
  test('lines of a fixed rate have the lag at their end, and skipped transactions are none', () =>
    expect(parsePgbench(`${line(7)} 3\n0 200 skipped 0 1175850568 995598 4\n`, 1).operations).toBe(1))
  test('no transaction is an error', () => expect(() => parsePgbench('', 1)).toThrow('no transaction'))
})

test('programs of the bench print their result as JSON', () =>
  expect(parseResult('{"operations":3,"seconds":1.5,"p50":2.000,"p99":9.000}\n')).toEqual({
    operations: 3,
    seconds: 1.5,
    p50: 2,
    p99: 9,
  }))

test('a repeated command has its latencies in microseconds', () =>
  expect(resultOf([30, 10, 20], 1)).toEqual({ operations: 3, seconds: 1, p50: 20_000, p99: 30_000 }))

describe('marked calls', () => {
  test('alerts of the marked rules count, others do not', () => {
    const alerts = `10:00:00.0: Warning opened (program=ksys-marked file=/tmp/x/marked)
10:00:00.1: Notice a shell (program=sh)
10:00:00.2: Warning removed (program=ksys-marked file=/tmp/x/marked-absent)
`
    expect(markedAlerts(alerts)).toBe(2)
  })
  test('samples of the marked program and its marked calls count, whatever the order of labels', () => {
    const metrics = `ksys_syscalls_total{program="ksys-marked",call="openat"} 60
ksys_syscalls_total{call="unlinkat",container="",program="ksys-marked"} 59
ksys_syscalls_total{program="ksys-marked",call="close"} 60
ksys_syscalls_total{program="sh",call="openat"} 7
ksys_syscall_errors_total{program="ksys-marked",call="unlinkat"} 60
`
    expect(markedSamples(metrics)).toBe(119)
  })
})
