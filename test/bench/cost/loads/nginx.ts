// nginx with one worker, which sends a file of 4 KiB: as often as wrk can fetch it, or at a fixed rate.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, start } from '../processes.js'
import { freePort, GRACE, type Load, type LoadResult, parseResult, program } from './load.js'
import { listens } from './server.js'

const CLIENTS = 20
const MICROSECONDS = { us: 1, ms: 1e3, s: 1e6, m: 60e6 }

/** The result of `wrk --latency`. */
export function parseWrk(text: string): LoadResult {
  const latency = (share: string) => {
    const found = new RegExp(`^\\s*${share}%\\s+([\\d.]+)(us|ms|s|m)$`, 'm').exec(text)
    if (found === null) throw new Error(`wrk printed no latency of ${share} %:\n${text}`)
    return Number(found[1]) * MICROSECONDS[found[2] as keyof typeof MICROSECONDS]
  }
  const all = /^\s*(\d+) requests in ([\d.]+)(ms|s|m),/m.exec(text)
  if (all === null || /Socket errors|Non-2xx/.test(text)) throw new Error(`requests of wrk failed:\n${text}`)
  const unit = MICROSECONDS[all[3] as keyof typeof MICROSECONDS] / 1e6
  return { operations: Number(all[1]), seconds: Number(all[2]) * unit, p50: latency('50'), p99: latency('99') }
}

const settings = (folder: string, port: number): string => `
pid ${folder}/pid; error_log ${folder}/error.log; daemon off; worker_processes 1;
events { worker_connections 512; }
http {
  access_log ${folder}/access.log;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/t; proxy_temp_path ${folder}/t; fastcgi_temp_path ${folder}/t;
  uwsgi_temp_path ${folder}/t; scgi_temp_path ${folder}/t;
  server { listen 127.0.0.1:${port}; root ${folder}/www; }
}
`

export const nginx: Load = {
  name: 'nginx',
  title: 'nginx',
  operation: 'a request of wrk to nginx, 20 connections',
  needs: [
    { file: 'nginx', packages: 'nginx' },
    { file: 'wrk', packages: 'wrk' },
  ],
  prepare: async (folder) => {
    const port = await freePort()
    mkdirSync(join(folder, 'www'))
    writeFileSync(join(folder, 'www/index.html'), 'x'.repeat(4096))
    writeFileSync(join(folder, 'nginx.conf'), settings(folder, port))
    const server = start(['nginx', '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')])
    await listens(server, port)
    return {
      run: async ({ seconds, rate, wrap }) => {
        if (rate === undefined) {
          const url = `http://127.0.0.1:${port}/`
          // whole seconds only
          const load = ['wrk', '-t1', `-c${CLIENTS}`, `-d${Math.ceil(seconds)}s`, '--latency', url]
          return parseWrk(await run([...wrap, ...load], GRACE + seconds))
        }
        const load = [program('requests'), `${port}`, `${CLIENTS}`, `${rate}`, `${seconds}`]
        const request = 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
        return parseResult(await run([...wrap, ...load, request], GRACE + seconds))
      },
      end: async () => {
        await server.end('SIGTERM')
      },
    }
  },
}
