// falco.yaml: its values, unused keys, included files and environment variables.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CONFIG_KEYS } from '../../../../src/rules/config/keys.js'
import { ConfigError } from '../../../../src/rules/config/kinds.js'
import { defaultConfig, loadConfig } from '../../../../src/rules/config/load.js'
import { scratchDir } from '../../../helpers/live.js'

const dir = scratchDir('falco-yaml')
let made = 0
/** Writes files into a folder of their own, and returns the path of the first. */
function written(files: Record<string, string>): string {
  const folder = join(dir, `c${made++}`)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text.replaceAll('@', folder))
  }
  return join(folder, Object.keys(files)[0] as string)
}
const load = (files: string | Record<string, string>, env: Record<string, string> = {}) =>
  loadConfig(written(typeof files === 'string' ? { 'falco.yaml': files } : files), { env, trustedOnly: false })
function mistake(text: string): string {
  try {
    load(text)
  } catch (e) {
    if (e instanceof ConfigError) return e.format().replaceAll(/^.*falco\.yaml/gm, 'falco.yaml')
    throw e
  }
  return 'none'
}

test('missing keys have their defaults', () => {
  for (const text of ['', '# nothing\n', 'priority:\n'])
    expect(load(text)).toMatchObject({ config: defaultConfig(), notes: [] })
  expect(defaultConfig()).toMatchObject({
    rules_files: [],
    priority: 'Debug',
    rule_matching: 'first',
    json_include_output_property: true,
    outputs_queue: { capacity: 0 },
    webserver: { enabled: false, listen_address: '127.0.0.1' },
  })
})

test('every supported key takes a value', () => {
  const { config, notes } = load(`
rules_files: [/etc/a.yaml, /etc/rules.d]
rules:
  - disable: {rule: "*"}
  - enable: {tag: maturity_stable}
priority: WARNING
rule_matching: all
watch_config_files: false
time_format_iso_8601: yes
json_output: true
json_include_output_property: false
json_include_message_property: true
json_include_output_fields_property: false
json_include_tags_property: false
buffer_format_base64: true
append_output:
  - match: {source: syscall, tags: [a], rule: R}
    extra_output: "%proc.name"
    extra_fields: [user.name, {who: "%user.name (%user.uid)"}]
    suggested_output: false
outputs_queue: {capacity: 100}
output_timeout: 500
stdout_output: {enabled: false}
syslog_output: {enabled: true}
file_output: {enabled: true, filename: /tmp/e.txt}
program_output: {enabled: true, keep_alive: false, program: "mail -s x"}
http_output: {enabled: true, url: "https://h:1/", insecure: true, mtls: true, client_cert: c, client_key: k, compress_uploads: true}
capture: {enabled: true, path_prefix: /tmp/x, mode: all_rules, default_duration: 100, max_file_size_mb: 5}
webserver: {enabled: true, listen_port: 9000, listen_address: 0.0.0.0, prometheus_metrics_enabled: true}
metrics: {enabled: true, interval: 30m, output_rule: false}
falco_libs: {snaplen: 200}
`)
  expect(notes).toEqual([])
  expect(config).toMatchObject({
    rules_files: ['/etc/a.yaml', '/etc/rules.d'],
    rules: [
      { enable: false, by: 'rule', text: '*' },
      { enable: true, by: 'tag', text: 'maturity_stable' },
    ],
    priority: 'Warning',
    rule_matching: 'all',
    time_format_iso_8601: true,
    append_output: [
      {
        match: { source: 'syscall', tags: ['a'], rule: 'R' },
        extra_output: '%proc.name',
        extra_fields: [
          { name: 'user.name', format: '%user.name' },
          { name: 'who', format: '%user.name (%user.uid)' },
        ],
        suggested_output: false,
      },
    ],
    outputs_queue: { capacity: 100 },
    http_output: { url: 'https://h:1/', max_consecutive_timeouts: 5, mtls: true },
    capture: { mode: 'all_rules', default_duration: 100 },
    metrics: { interval: 1_800_000 },
    falco_libs: { snaplen: 200 },
  })
})

test('keys that ksys does not need are named with their replacement, unknown ones with similar names', () => {
  const { notes } = load(
    'engine: {kind: kmod}\nmetrics: {convert_memory_to_mb: true}\npriorty: x\nhttp_output: {uri: x}\n',
  )
  expect(notes.map((n) => n.sentence)).toEqual([
    'priorty is not a known key (did you mean priority?)',
    'http_output.uri is not a known key (did you mean url?)',
    expect.stringMatching(/^metrics\.convert_memory_to_mb is not used: /),
    expect.stringMatching(/^engine is not used: ksys captures with BPF/),
  ])
  expect(notes.map((n) => n.about)).toEqual(['priorty', 'http_output.uri', 'metrics.convert_memory_to_mb', 'engine'])
})

test('each key without a counterpart has its reason', () => {
  const names = Object.entries(CONFIG_KEYS).flatMap(([key, kind]) => ('without' in kind ? [key] : []))
  const { notes } = load(names.map((n) => `${n}: {}\n`).join(''))
  expect(notes).toHaveLength(names.length)
})

test.each([
  ['no map', '- a\n', 'falco.yaml:1:1: a configuration must be a map'],
  ['no YAML', 'a: "x\n', 'falco.yaml:2:1: invalid YAML'],
  ['a wrong switch', 'json_output: 7\n', "falco.yaml:1:14: json_output must be true or false, not '7'"],
  [
    'a wrong number',
    'outputs_queue: {capacity: many}\n',
    'falco.yaml:1:27: outputs_queue.capacity must be a whole number',
  ],
  ['a wrong word', 'rule_matching: some\n', "falco.yaml:1:16: rule_matching must be one of first, all, not 'some'"],
  ['a wrong priority', 'priority: high\n', 'falco.yaml:1:11: priority must be a priority, such as warning'],
  ['a wrong selection', 'rules: [{disable: x}]\n', 'falco.yaml:1:9: rules[0] must be like'],
  ['a list for a map', 'http_output: [a]\n', 'falco.yaml:1:14: http_output must be a map of keys'],
  ['a map for a text', 'file_output: {filename: {a: b}}\n', 'falco.yaml:1:25: file_output.filename must be a string'],
])('%s is reported at its position', (_, text, expected) => {
  expect(mistake(text)).toContain(expected)
  expect(mistake(text)).toMatch(/\n {2}.*\n {2} *\^/)
})

test('included files are merged: lists are joined, other keys replaced, each file with its strategy', () => {
  const main = 'rules_files: [a]\npriority: error\nfile_output: {enabled: true, filename: x}\n'
  const more = 'rules_files: [b]\npriority: debug\nfile_output: {enabled: true}\njson_output: true\n'
  const read = (strategy: string) =>
    load({
      'falco.yaml': `config_files:\n  - {path: "@/more.yaml", strategy: ${strategy}}\n${main}`,
      'more.yaml': more,
    }).config
  expect(read('append')).toMatchObject({
    rules_files: ['a', 'b'],
    priority: 'Debug',
    file_output: { filename: './events.txt' },
  })
  expect(read('override')).toMatchObject({ rules_files: ['b'], priority: 'Debug', json_output: true })
  expect(read('add-only')).toMatchObject({
    rules_files: ['a'],
    priority: 'Error',
    file_output: { filename: 'x' },
    json_output: true,
  })
})

test('folders are included by name, missing files are reported, and included files include nothing', () => {
  const { config, files, notes } = load({
    'falco.yaml': 'config_files: ["@/config.d", "@/gone"]\n',
    'config.d/b.yaml': 'priority: error\n',
    'config.d/a.yaml': 'priority: alert\n',
  })
  expect(config.priority).toBe('Error')
  expect(files.map((f) => f.replace(/^.*\//, ''))).toEqual(['falco.yaml', 'a.yaml', 'b.yaml'])
  expect(notes.map((n) => n.sentence)).toEqual([expect.stringMatching(/gone is not included: there is no such file/)])
  expect(() => load({ 'falco.yaml': 'config_files: "@/x.yaml"\n', 'x.yaml': 'config_files: [y]\n' })).toThrow(
    /only allowed in the main file/,
  )
})

test('environment variables are replaced in values, $$ is a literal $', () => {
  const [P, H, PORT, NONE, T] = ['P', 'H', 'PORT', 'NONE', 'T'].map((name) => `\${${name}}`)
  const text = `priority: ${P}\nhttp_output: {url: "http://${H}:${PORT}/$${H}${NONE}"}\nfile_output: {enabled: "${T}"}\n`
  const { config } = load(text, { P: 'error', H: 'h', PORT: '1', T: 'true' })
  expect(config).toMatchObject({
    priority: 'Error',
    http_output: { url: `http://h:1/${H}` },
    file_output: { enabled: true },
  })
})
