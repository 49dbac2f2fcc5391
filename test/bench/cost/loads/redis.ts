// redis-benchmark with eleven commands; at a fixed rate, SET and GET in turn.
import { run, start } from '../processes.js'
import { freePort, GRACE, type Load, type LoadResult, type LoadRun, parseResult, program } from './load.js'
import { listens } from './server.js'

const COMMANDS = ['set', 'get', 'incr', 'lpush', 'rpush', 'lpop', 'rpop', 'sadd', 'hset', 'spop', 'zadd']
const CLIENTS = 20
/** requests of each command from which the time of the others is estimated */
const FEW = 5000
/** a run may take this many times as long as it does bare */
const SLOWEST = 30

/** The result of `redis-benchmark --csv` with `requests` of each command. Latencies are means over the commands. */
export function parseRedis(csv: string, requests: number): LoadResult {
  const [head, ...lines] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')))
  const column = (name: string) => {
    const index = head?.indexOf(name) ?? -1
    if (index < 0) throw new Error(`redis-benchmark printed no column ${name}:\n${csv}`)
    return lines.map((line) => Number(line[index]))
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    operations: requests * lines.length,
    seconds: column('rps').reduce((sum, rate) => sum + requests / rate, 0),
    p50: mean(column('p50_latency_ms')) * 1e3,
    p99: mean(column('p99_latency_ms')) * 1e3,
  }
}

export const redis: Load = {
  name: 'redis',
  title: 'redis',
  operation: 'a request of redis-benchmark, eleven commands, 20 clients',
  needs: [
    { file: 'redis-server', packages: 'redis-server' },
    { file: 'redis-benchmark', packages: 'redis-tools' },
  ],
  prepare: async (folder) => {
    const port = await freePort()
    const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder]
    const server = start(['redis-server', ...settings])
    const client = ['redis-cli', '-p', `${port}`]
    await listens(server, port)
    const saturate = async ({ wrap }: LoadRun, requests: number, limit: number) => {
      const load = ['redis-benchmark', '-p', `${port}`, '-c', `${CLIENTS}`, '-n', `${requests}`, '--csv']
      const csv = await run([...wrap, ...load, '-t', COMMANDS.join(',')], limit)
      // lists grow with each request
      await run([...client, 'flushall'], GRACE)
      return parseRedis(csv, requests)
    }
    const few = await saturate({ seconds: 1, wrap: [] }, FEW, GRACE)
    return {
      run: async (wanted) => {
        const { seconds, rate, wrap } = wanted
        if (rate === undefined) {
          const requests = Math.max(FEW, Math.round((FEW * seconds) / few.seconds))
          return saturate(wanted, requests, GRACE + seconds * SLOWEST)
        }
        const load = [program('requests'), `${port}`, `${CLIENTS}`, `${rate}`, `${seconds}`]
        return parseResult(await run([...wrap, ...load, 'SET key xxx\r\n', 'GET key\r\n'], GRACE + seconds))
      },
      end: async () => {
        await server.end()
      },
    }
  },
}
