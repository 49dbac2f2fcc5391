// The table of all keys of falco.yaml. A key that ksys does not use states the reason.
import { parseDuration } from '../../filter/time.js'
import { ABI } from '../../schema/abi.js'
import type { Priority } from '../rule.js'
import { parsePriority } from '../rule.js'
import type { Selection } from '../select.js'
import { isNull, type YamlNode } from '../yaml/node.js'
import {
  ConfigError,
  flag,
  integer,
  type Kind,
  list,
  map,
  oneOf,
  parsedText,
  text,
  type Values,
  without,
} from './kinds.js'

const OWN_CAPTURE = 'ksys captures with BPF programs of its own; -r reads files'
const NO_PLUGINS = 'ksys has system call events, and gets container metadata from runtimes without a plugin'
const OWN_LOG = 'ksys writes its log to standard error'
const OWN_LOSSES = 'losses and their effect on the rules are reported between the alerts'
const OWN_STATE = 'the size of the state that the rules need is not limited'
const MORE_METRICS = 'there are few metrics, and all of them are always present'

/** `rules: [{enable: {tag: X}}, {disable: {rule: "a*"}}]`. */
const selection: Kind<Selection> = {
  initial: { enable: true, by: 'rule', text: '' },
  read: (node, { path }) => {
    const [entry, ...more] = node.kind === 'map' ? node.entries.values() : []
    const [by, ...others] = entry?.value.kind === 'map' ? entry.value.entries.values() : []
    const right =
      more.length + others.length === 0 &&
      /^(enable|disable)$/.test(entry?.key ?? '') &&
      /^(rule|tag)$/.test(by?.key ?? '') &&
      by?.value.kind === 'scalar'
    if (!right) throw new ConfigError(node, `${path} must be like {enable: {tag: NAME}} or {disable: {rule: "NAME*"}}`)
    const { value } = by.value as { value: string }
    return { enable: entry?.key === 'enable', by: by.key as Selection['by'], text: value }
  },
}

/** A field, or a format with a name. */
interface ExtraField {
  readonly name: string
  readonly format: string
}

const extraField: Kind<ExtraField> = {
  initial: { name: '', format: '' },
  read: (node: YamlNode, { path }) => {
    if (node.kind === 'scalar') return { name: node.value, format: `%${node.value}` }
    const [entry, ...more] = node.kind === 'map' ? node.entries.values() : []
    if (entry?.value.kind === 'scalar' && more.length === 0) return { name: entry.key, format: entry.value.value }
    throw new ConfigError(node, `${path} must be a field, or {NAME: "a format with %fields"}`)
  },
}

const priority: Kind<Priority> = parsedText<Priority>('Debug', 'a priority, such as warning', parsePriority)

const milliseconds = (initial: number): Kind<number> =>
  parsedText(initial, 'a duration such as 1h, 30m or 500ms', (value) => {
    const ns = /[a-z]$/.test(value) ? parseDuration(value) : undefined
    return ns === undefined ? undefined : ns / 1e6
  })

const enabled = flag(false)

export const CONFIG_KEYS = {
  rules_files: list(text('')),
  rules: list(selection),
  priority,
  rule_matching: oneOf('first', 'first', 'all'),
  watch_config_files: flag(true),

  time_format_iso_8601: flag(false),
  json_output: flag(false),
  json_include_output_property: flag(true),
  json_include_message_property: flag(false),
  json_include_output_fields_property: flag(true),
  json_include_tags_property: flag(true),
  buffer_format_base64: flag(false),
  static_fields: without('use extra_output of append_output to add the same text to every alert'),
  append_output: list(
    map({
      match: map({ source: text(''), tags: list(text('')), rule: text('') }),
      extra_output: text(''),
      extra_fields: list(extraField),
      suggested_output: flag(true),
    }),
  ),

  outputs_queue: map({ capacity: integer(0) }),
  /** ms */
  output_timeout: integer(2000, 1),
  stdout_output: map({ enabled: flag(true) }),
  syslog_output: map({ enabled }),
  file_output: map({ enabled, keep_alive: flag(false), filename: text('./events.txt') }),
  program_output: map({ enabled, keep_alive: flag(false), program: text('') }),
  http_output: map({
    enabled,
    url: text(''),
    user_agent: text(''),
    insecure: flag(false),
    ca_cert: text(''),
    ca_bundle: text(''),
    ca_path: text(''),
    mtls: flag(false),
    client_cert: text(''),
    client_key: text(''),
    echo: without('the response body is only read on errors'),
    compress_uploads: flag(false),
    keep_alive: without('connections stay open'),
    max_consecutive_timeouts: integer(5),
  }),
  grpc: without('removed from Falco; use http_output'),
  grpc_output: without('removed from Falco; use http_output'),
  buffered_outputs: without('alerts are written immediately'),

  capture: map({
    enabled,
    path_prefix: text('/tmp/falco'),
    mode: oneOf('rules', 'rules', 'all_rules'),
    /** ms */
    default_duration: integer(5000),
    /** 0: no limit */
    max_file_size_mb: integer(0),
  }),
  webserver: map({
    enabled,
    listen_address: text('127.0.0.1'),
    listen_port: integer(8765, 0, 65535),
    k8s_healthz_endpoint: text('/healthz'),
    prometheus_metrics_enabled: flag(false),
    threadiness: without('the server uses one thread'),
    ssl_enabled: without('the server is meant for this machine; use a proxy for TLS'),
    ssl_certificate: without('the server is meant for this machine; use a proxy for TLS'),
  }),
  metrics: map({
    enabled,
    /** ms */
    interval: milliseconds(3_600_000),
    output_rule: flag(true),
    output_file: text(''),
    rules_counters_enabled: without(MORE_METRICS),
    resource_utilization_enabled: without(MORE_METRICS),
    state_counters_enabled: without(MORE_METRICS),
    kernel_event_counters_enabled: without(MORE_METRICS),
    kernel_event_counters_per_cpu_enabled: without(MORE_METRICS),
    kernel_iter_event_counters_enabled: without(MORE_METRICS),
    libbpf_stats_enabled: without(MORE_METRICS),
    plugins_metrics_enabled: without(MORE_METRICS),
    jemalloc_stats_enabled: without(MORE_METRICS),
    convert_memory_to_mb: without(MORE_METRICS),
    include_empty_values: without(MORE_METRICS),
  }),

  falco_libs: map({
    snaplen: integer(80, 0, ABI.KSYS_MAX_DATA),
    thread_table_size: without(OWN_STATE),
    thread_table_auto_purging_interval_s: without(OWN_STATE),
    thread_table_auto_purging_thread_timeout_s: without(OWN_STATE),
  }),
  engine: without(OWN_CAPTURE),
  base_syscalls: without('ksys captures exactly what the rules need'),
  syscall_event_drops: without(OWN_LOSSES),
  syscall_event_timeouts: without(OWN_LOSSES),
  load_plugins: without(NO_PLUGINS),
  plugins: without(NO_PLUGINS),
  plugins_hostinfo: without(NO_PLUGINS),
  log_stderr: without(OWN_LOG),
  log_syslog: without(OWN_LOG),
  log_level: without(OWN_LOG),
  libs_logger: without(OWN_LOG),
} as const

/** The values of falco.yaml by key, with defaults for missing keys. */
export type RulesConfig = Values<typeof CONFIG_KEYS>

/** Whether a node exists and is not null. */
export function hasValue(node: YamlNode | undefined): node is YamlNode {
  return node !== undefined && !isNull(node)
}
