// The keys of falco.yaml: the one table of them. What is not read says what there is instead.
import { parseDuration } from '../../filter/time.js'
import { ABI } from '../../schema/abi.js'
import type { Priority } from '../rule.js'
import { parsePriority } from '../rule.js'
import type { Selection } from '../select.js'
import { isNull, type YamlNode } from '../yaml/node.js'
import { ConfigError, flag, integer, type Kind, list, made, map, oneOf, text, type Values, without } from './kinds.js'

const OWN_CAPTURE = 'ksys captures with BPF programs of its own; -r reads files'
const NO_PLUGINS = 'ksys has the events of system calls, and what runtimes tell of containers without a plugin'
const OWN_LOG = 'ksys tells on standard error what happens, and how it stands to systemd'
const OWN_LOSSES = 'losses and what they mean for the rules are told between the alerts'
const OWN_STATE = 'ksys keeps the state that the rules need, as large as it is'
const MORE_METRICS = 'the metrics are few, and all of them are always there'

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
    if (!right) throw new ConfigError(node, `${path} is such as {enable: {tag: NAME}} or {disable: {rule: "NAME*"}}`)
    const { value } = by.value as { value: string }
    return { enable: entry?.key === 'enable', by: by.key as Selection['by'], text: value }
  },
}

/** A field, or a format under a name of its own. */
export interface ExtraField {
  readonly name: string
  readonly format: string
}

const extraField: Kind<ExtraField> = {
  initial: { name: '', format: '' },
  read: (node: YamlNode, { path }) => {
    if (node.kind === 'scalar') return { name: node.value, format: `%${node.value}` }
    const [entry, ...more] = node.kind === 'map' ? node.entries.values() : []
    if (entry?.value.kind === 'scalar' && more.length === 0) return { name: entry.key, format: entry.value.value }
    throw new ConfigError(node, `${path} is a field, or {NAME: "a format with %fields"}`)
  },
}

const priority: Kind<Priority> = made<Priority>('Debug', 'a priority, such as warning', parsePriority)

const milliseconds = (initial: number): Kind<number> =>
  made(initial, 'a duration such as 1h, 30m or 500ms', (value) => {
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
  static_fields: without('no field tells what is the same in every alert; extra_output of append_output does'),
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
    echo: without('what the server answers is only looked at where it refuses'),
    compress_uploads: flag(false),
    keep_alive: without('connections stay open'),
    max_consecutive_timeouts: integer(5),
  }),
  grpc: without('it is gone from Falco, too; http_output sends alerts'),
  grpc_output: without('it is gone from Falco, too; http_output sends alerts'),
  buffered_outputs: without('alerts are written as they come'),

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
    threadiness: without('one thread answers'),
    ssl_enabled: without('it is for this machine; a proxy can stand before it'),
    ssl_certificate: without('it is for this machine; a proxy can stand before it'),
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
  base_syscalls: without('what the rules need is captured, and nothing else'),
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

/** What falco.yaml says, by its keys, with what counts where it says nothing. */
export type RulesConfig = Values<typeof CONFIG_KEYS>

/** Whether a node says anything. */
export function hasValue(node: YamlNode | undefined): node is YamlNode {
  return node !== undefined && !isNull(node)
}
