// PostgreSQL with pgbench's own transactions, eight clients. Nothing is forced to the disk, whose speed is not the subject.
import { chownSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { pathOf } from '../needs.js'
import { run, start } from '../processes.js'
import { freePort, GRACE, type Load, type LoadResult } from './load.js'
import { listens } from './server.js'

/** not root: PostgreSQL refuses to run as root */
const NOBODY = 65534
const SCALE = '4'
const CLIENTS = ['-c', '8', '-j', '2']

/** The result of the lines of `pgbench --log`, whose third number is the latency in microseconds. */
export function parsePgbench(log: string, seconds: number): LoadResult {
  const latencies = log
    .split('\n')
    .map((line) => line.split(' '))
    .filter((words) => words.length >= 6 && words[2] !== 'skipped')
    .map((words) => Number(words[2]))
    .sort((a, b) => a - b)
  if (latencies.length === 0) throw new Error('pgbench logged no transaction')
  const at = (share: number) => latencies[Math.ceil(latencies.length * share) - 1] as number
  return { operations: latencies.length, seconds, p50: at(0.5), p99: at(0.99) }
}

export const postgres: Load = {
  name: 'postgres',
  title: 'PostgreSQL',
  operation: 'a transaction of pgbench, eight clients, without fsync',
  needs: [
    { file: 'postgres', packages: 'postgresql' },
    { file: 'pgbench', packages: 'postgresql' },
  ],
  prepare: async (folder) => {
    const port = await freePort()
    const data = join(folder, 'data')
    const asNobody =
      userInfo().uid === 0 ? ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'] : []
    const options = {
      cwd: folder,
      env: { ...process.env, HOME: folder, PGUSER: 'bench', PGHOST: '127.0.0.1', PGPORT: `${port}` },
    }
    const command = (name: string, ...args: string[]) => [...asNobody, pathOf(name) as string, ...args]
    if (asNobody.length > 0) chownSync(folder, NOBODY, NOBODY)
    await run(command('initdb', '-D', data, '-U', 'bench', '-A', 'trust', '--no-sync'), 2 * GRACE, options)
    const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=`, '-c', 'fsync=off']
    const server = start(command('postgres', '-D', data, '-p', `${port}`, ...settings), options)
    await listens(server, port)
    await run(command('pgbench', '-q', '-i', '-s', SCALE, 'postgres'), 2 * GRACE, options)
    return {
      run: async ({ seconds, rate, wrap }) => {
        const log = ['--log', `--log-prefix=${join(folder, 'log')}`]
        const pace = rate === undefined ? [] : ['-R', `${rate}`]
        const load = command('pgbench', '-n', ...CLIENTS, '-T', `${Math.ceil(seconds)}`, ...log, ...pace, 'postgres')
        await run([...wrap, ...load], GRACE + 3 * seconds, options)
        const files = readdirSync(folder).filter((name) => name.startsWith('log.'))
        const lines = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('')
        for (const name of files) rmSync(join(folder, name))
        return parsePgbench(lines, Math.ceil(seconds))
      },
      end: async () => {
        await server.end('SIGINT')
      },
    }
  },
}
