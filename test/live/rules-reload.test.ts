// ksys rules, live: rules that are reloaded at run time, and files of the calls around alerts.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'
import { RulesRun } from '../helpers/rules-run.js'

describe.skipIf(!privileged())('running rules', () => {
  const dir = scratchDir('rules-reload')

  const opened = (name: string, more = '') =>
    `- rule: ${name}\n  desc: x\n  condition: evt.type in (open, openat) and evt.arg.name = ${dir}/${name}\n  output: opened %proc.name\n  priority: NOTICE\n${more}`
  const removed = (name: string) =>
    `- rule: ${name}\n  desc: x\n  condition: evt.type in (unlink, unlinkat) and evt.arg.name contains ${name}\n  output: removed\n  priority: WARNING\n`
  const cat = (name: string) => execFileSync('sh', ['-c', `cat ${dir}/${name} 2>/dev/null || true`])
  const rm = (name: string) => execFileSync('sh', ['-c', `rm ${dir}/${name} 2>/dev/null || true`])
  const write = (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  const until = async (what: () => boolean, why: () => string) => {
    for (let i = 0; i < 1200 && !what(); i++) await sleep(50)
    expect(what(), why()).toBe(true)
  }

  /** A run, and functions that wait for its output. */
  class Running extends RulesRun {
    /** Opens a file with this name until the rule with this name fires. */
    fires(name: string): Promise<void> {
      const fired = () => {
        cat(name)
        return this.told(name).length > 0
      }
      return until(fired, () => this.messages())
    }

    says(what: RegExp | string): Promise<void> {
      const has = () => (typeof what === 'string' ? this.messages().includes(what) : what.test(this.messages()))
      return until(has, () => this.messages())
    }
  }

  test('are replaced on SIGHUP; invalid ones leave the previous ones active, and are reported as an alert too', {
    timeout: 120_000,
  }, async () => {
    const file = write('hup.yaml', opened('one'))
    const r = new Running('-f', file, '--no-watch')
    await r.fires('one')
    write('hup.yaml', opened('two'))
    r.child.kill('SIGHUP')
    await r.says('the rules were re-read (SIGHUP): 1 rule, 1 added, 1 removed')
    await r.fires('two')
    const ones = r.told('one').length
    write('hup.yaml', opened('three').replace('evt.type', 'evt.tipe'))
    r.child.kill('SIGHUP')
    await r.says('the previous rules stay active (SIGHUP)')
    expect(r.messages()).toMatch(/LOAD_ERR_COMPILE_CONDITION/)
    rmSync(file)
    r.child.kill('SIGHUP')
    await r.says('LOAD_ERR_FILE_READ')
    cat('one')
    const twos = r.told('two').length
    await until(
      () => {
        cat('two')
        return r.told('two').length > twos
      },
      () => r.messages(),
    )
    expect(r.told('one').length).toBe(ones)
    expect(r.told('Falco internal: hot restart failure')).toMatchObject([
      { source: 'internal', output_fields: { 'reload.cause': 'SIGHUP' } },
      { source: 'internal', output_fields: { 'reload.cause': 'SIGHUP' } },
    ])
    // opens were captured all the time: the capture was not restarted
    expect(r.messages()).not.toMatch(/restarting the capture|begun anew/)
    expect(await r.end()).toBe(0)
    expect(r.messages()).toMatch(/ {3}one: \d+\n(.*\n)* {3}two: \d+/)
  })

  test('are reloaded when a file changes; if they need other calls the capture restarts, and no alert is lost or duplicated', {
    timeout: 120_000,
  }, async () => {
    const many = opened('many')
      .replace(`= ${dir}/many`, `startswith ${dir}/many`)
      .replace('%proc.name', '%evt.arg.name')
    const rules = opened('one') + many + opened('last')
    const file = write('watched.yaml', rules)
    const r = new Running('-f', file)
    await r.fires('one')
    const TIMES = 3000
    const program = `for my $i (0..${TIMES - 1}) { open(my $f, '<', "${dir}/many$i"); select(undef, undef, undef, 0.001) }`
    const loop = new Promise((ended) => spawn('perl', ['-e', program]).on('close', ended))
    write('watched.yaml', rules + removed('gone'))
    await r.says('the rules were re-read (files changed): 4 rules, 1 added')
    await until(
      () => {
        rm('gone')
        return r.told('gone').length > 0
      },
      () => r.messages(),
    )
    expect(r.told('ksys internal: capture begun anew')).toMatchObject([{ source: 'internal' }])
    await loop
    await r.fires('last')
    const told = r.told('many').map((t) => Number(/many(\d+)/.exec(t.output)?.[1]))
    const missing = Array.from({ length: TIMES }, (_, i) => i).filter((i) => !told.includes(i))
    expect({ missing, doubled: told.length - new Set(told).size }).toEqual({ missing: [], doubled: 0 })
    expect(await r.end('SIGTERM')).toBe(0)
    expect(r.messages()).not.toMatch(/lost/)
  })

  test('are configured by falco.yaml: outputs, format, appended text, priority; and it is reloaded', {
    timeout: 120_000,
  }, async () => {
    const rules = write('all.yaml', opened('one') + opened('low').replace('NOTICE', 'DEBUG'))
    const got: { type: string | undefined; body: string }[] = []
    const server = createServer((req, res) => {
      let body = ''
      req.on('data', (d) => {
        body += d
      })
      req.on('end', () => {
        got.push({ type: req.headers['content-type'], body })
        res.end()
      })
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const alerts = join(dir, 'alerts.txt')
    const text = `rules_files: [${rules}]\npriority: notice\njson_output: true\ntime_format_iso_8601: true\njson_include_message_property: true\nappend_output: [{extra_output: "uid=%user.uid", extra_fields: [proc.pid], suggested_output: false}]\nstdout_output: {enabled: true}\nfile_output: {enabled: true, filename: ${alerts}}\nhttp_output: {enabled: true, url: "http://127.0.0.1:${port}/"}\nwebserver: {enabled: true, listen_port: 0}\nengine: {kind: modern_ebpf}\nplugins: []\n`
    const config = write('falco.yaml', text)
    const r = new Running('-c', config)
    await r.fires('one')
    cat('low')
    await r.says(`${config}: not used here: `)
    expect(r.messages()).toMatch(/engine/)
    const [first] = r.told('one')
    expect(first?.output).toMatch(/^\d{4}-\d\d-\d\dT.*: Notice opened cat uid=0$/)
    expect(first).toMatchObject({ message: 'opened cat uid=0', output_fields: { 'proc.pid': expect.any(Number) } })
    expect(first?.output_fields).not.toHaveProperty('container.id')
    await until(() => got.length > 0, r.messages)
    expect(got[0]?.type).toBe('application/json')
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({ rule: 'one' })
    await until(() => readFileSync(alerts, 'utf8').includes('\n'), r.messages)
    expect(JSON.parse(readFileSync(alerts, 'utf8').split('\n')[0] ?? '')).toMatchObject({ rule: 'one' })
    write(
      'falco.yaml',
      text
        .replace('uid=%user.uid', 'user=%user.name')
        .replace('priority: notice', 'priority: debug')
        .replace('syslog', 'x'),
    )
    await r.says('the rules were re-read (files changed): 2 rules, 1 added')
    await r.fires('low')
    expect(r.told('low')[0]?.output).toMatch(/opened cat user=root$/)
    expect(await r.end()).toBe(0)
  })

  test('with capture write the calls around an alert to a file; later alerts are added to it', {
    timeout: 120_000,
  }, async () => {
    const folder = join(dir, 'files')
    mkdirSync(folder)
    const file = write(
      'capture.yaml',
      opened('before') + opened('kept', '  capture: true\n  capture_duration: 6000\n') + opened('other'),
    )
    const r = new Running('-f', file, '--capture', join(folder, 'falco'), '--last', '30s')
    await r.fires('before')
    cat('before-it')
    await sleep(300)
    cat('kept')
    await until(() => r.told('kept').length === 1, r.messages)
    await sleep(700)
    cat('kept')
    cat('behind-it')
    await r.says(/wrote .*\(rule 'kept'\)/)
    const [one, two] = r.told('kept')
    const path = one?.output_fields['alert.capture']
    expect(path).toMatch(/\/files\/falco_kept_\d{8}-\d{6}-\d{9}\.ksys$/)
    expect(two?.output_fields['alert.capture']).toBe(path)
    expect(r.told('before')[0]?.output_fields).not.toHaveProperty('alert.capture')
    expect(readdirSync(folder)).toEqual([String(path).split('/').pop()])
    const names = readRows(
      String(path),
      ['fs.path.name'],
      [`evt.type in (open, openat) and fs.path.name startswith ${dir}/`],
    )
    const seen = names.map((n) => String(n['fs.path.name']).replace(`${dir}/`, '')).filter((n) => n !== 'before')
    expect(seen).toEqual(['before-it', 'kept', 'kept', 'behind-it'])
    // every call is included, not only those that rules are about
    expect(readRows(String(path), ['evt.type'], ['evt.type=close']).length).toBeGreaterThan(0)
    expect(await r.end()).toBe(0)
  })

  test('have a quota for files, and a full disk affects the file alone', { timeout: 120_000 }, async () => {
    const folder = join(dir, 'full')
    mkdirSync(folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', folder])
    onTestFinished(() => void execFileSync('umount', ['-l', folder]))
    const file = write('quota.yaml', opened('ready') + opened('kept', '  capture: true\n  capture_duration: 100\n'))
    const r = new Running('-f', file, '--capture', `${folder}/`, '--max-files', '1')
    await r.fires('ready')
    cat('kept')
    await r.says(/cannot be written|no space/i)
    const before = r.told('ready').length
    await until(() => {
      cat('ready')
      return r.told('ready').length > before
    }, r.messages)
    expect(readdirSync(folder)).toEqual([])
    expect(await r.end()).toBe(0)
  })

  test('of root are refused if others can write to their files, at the start and on reload', {
    timeout: 120_000,
  }, async () => {
    const file = write('trusted.yaml', opened('one'))
    chmodSync(file, 0o666)
    const refused = ksys(['rules', '-f', file, '-M', '1'])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/anyone can write to it/)
    chmodSync(file, 0o644)
    const r = new Running('-f', file)
    await r.fires('one')
    writeFileSync(file, opened('two'))
    chmodSync(file, 0o666)
    r.child.kill('SIGHUP')
    await r.says('the previous rules stay active')
    expect(r.messages()).toMatch(/anyone can write to it/)
    expect(await r.end()).toBe(0)
  })

  test('with outputs that hang, refuse and fail, and 10,000 alerts a second: the other outputs get everything, and rules are reloaded', {
    timeout: 180_000,
  }, async () => {
    const hanging = createServer(() => undefined)
    const failing = createServer((req, res) => {
      req.resume()
      res.statusCode = 500
      res.end()
    })
    for (const server of [hanging, failing]) {
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
      onTestFinished(() => {
        server.closeAllConnections()
        server.close()
      })
    }
    const port = (server: typeof hanging) => (server.address() as AddressInfo).port
    const many = `- rule: many\n  desc: x\n  condition: evt.type = getppid and proc.name = perl\n  output: many %evt.num\n  priority: NOTICE\n`
    const file = write('many.yaml', opened('one') + many)
    const alerts = join(dir, 'many.json')
    const r = new Running(
      ...['-f', file, '--output', 'stdout,priority=error', '--output', `file=${alerts}`],
      ...[
        '--output',
        `http=http://127.0.0.1:${port(hanging)}/,timeout=1s`,
        '--output',
        `http=http://127.0.0.1:${port(failing)}/`,
      ],
      ...['--output', 'http=http://127.0.0.1:1/', '--output', 'program=sh -c "exit 1",keep_alive=true'],
      ...['--output', 'program=sleep 1000,keep_alive=true'],
    )
    const count = () => {
      try {
        return readFileSync(alerts, 'utf8').split('"rule":"many"').length - 1
      } catch {
        return 0
      }
    }
    await until(() => {
      execFileSync('perl', ['-e', 'getppid for 1..10'])
      return count() > 0
    }, r.messages)
    await sleep(500)
    const before = count()
    const PER_TURN = 1000
    const TURNS = 30
    execFileSync('perl', ['-e', `for (1..${TURNS}) { getppid for 1..${PER_TURN}; select(undef, undef, undef, 0.1) }`])
    write('many.yaml', opened('one') + opened('new') + many)
    await r.says('the rules were re-read (files changed): 3 rules, 1 added')
    await until(() => count() >= before + PER_TURN * TURNS, r.messages)
    expect(count()).toBe(before + PER_TURN * TURNS)
    await r.says(/dropped because the queue was full/)
    expect(await r.end()).toBe(0)
    expect(r.messages()).not.toMatch(/events were lost/)
  })
})
