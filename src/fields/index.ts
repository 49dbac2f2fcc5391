// All fields by class, in listing order. To add a file or a class, add its declarations here.
import * as container from './container.js'
import * as dns from './dns.js'
import * as evt from './evt.js'
import * as evtArgs from './evt-args.js'
import * as evtIo from './evt-io.js'
import * as evtTime from './evt-time.js'
import * as fd from './fd.js'
import * as fdDns from './fd-dns.js'
import * as fdNet from './fd-net.js'
import * as fdOther from './fd-other.js'
import * as fdPeer from './fd-peer.js'
import * as fdlist from './fdlist.js'
import * as fspath from './fspath.js'
import * as host from './host.js'
import * as http from './http.js'
import * as infra from './infra.js'
import * as k8s from './k8s.js'
import * as mounts from './mounts.js'
import * as proc from './proc.js'
import * as procAncestors from './proc-ancestors.js'
import * as procExe from './proc-exe.js'
import * as procFds from './proc-fds.js'
import * as procSession from './proc-session.js'
import { type FieldClass, FieldRegistry } from './registry.js'
import * as removed from './removed.js'
import * as rule from './rule.js'
import * as spent from './spent.js'
import * as stack from './stack.js'
import * as syslog from './syslog.js'
import * as thread from './thread.js'
import * as user from './user.js'
import * as util from './util.js'

const EVT = {
  ...evtTime.fields,
  ...evt.fields,
  ...evtArgs.fields,
  ...evtIo.fields,
  ...fspath.eventFields,
  ...infra.fields,
  ...stack.fields,
}
const PROC = {
  ...proc.fields,
  ...procAncestors.fields,
  ...procSession.fields,
  ...procExe.fields,
  ...procFds.fields,
  ...container.processFields,
}
const THREAD = { ...thread.fields, ...spent.fields }
const CONTAINER = { ...container.fields, ...mounts.fields }
const FD = { ...fd.fields, ...fdNet.fields, ...fdDns.fields, ...fdPeer.fields, ...fdOther.fields }

/** The declarations by name, as a type: the type of each value, and whether the field takes an argument. */
export type Fields = typeof EVT &
  typeof PROC &
  typeof FD &
  typeof THREAD &
  typeof user.fields &
  typeof user.groupFields &
  typeof CONTAINER &
  typeof k8s.fields &
  typeof host.fields &
  typeof fspath.fields &
  typeof fdlist.fields &
  typeof syslog.fields &
  typeof dns.fields &
  typeof http.fields &
  typeof rule.fields &
  typeof util.fields

export const CLASSES: readonly FieldClass[] = [
  { name: 'evt', doc: 'The event itself: when, what, how long, with what result', fields: EVT },
  { name: 'proc', doc: 'The process that caused the event', fields: PROC },
  { name: 'thread', doc: 'The thread that caused the event', fields: THREAD },
  { name: 'user', doc: 'The user of the thread that caused the event', fields: user.fields },
  { name: 'group', doc: 'The group of the thread that caused the event', fields: user.groupFields },
  { name: 'container', doc: 'The container in which it happened', fields: CONTAINER },
  { name: 'k8s', doc: 'The Kubernetes pod in which it happened', fields: k8s.fields },
  { name: 'host', doc: 'The host of the event', fields: host.fields },
  { name: 'fd', doc: 'The file, socket or other descriptor of the event', fields: FD },
  { name: 'fs.path', doc: 'The paths that a file system call operates on', fields: fspath.fields },
  { name: 'fdlist', doc: 'The descriptors that poll waits for', fields: fdlist.fields },
  { name: 'syslog', doc: 'Messages written to the system log', fields: syslog.fields },
  { name: 'dns', doc: 'DNS questions and answers', fields: dns.fields },
  { name: 'http', doc: 'HTTP/1 requests and responses', fields: http.fields },
  { name: 'rule', doc: 'The rules that the event fires (--rules)', fields: rule.fields },
  { name: 'util', doc: 'Helpers', fields: util.fields },
  { name: 'static', doc: 'Constants of a rule engine', fields: removed.constants },
  { name: 'span', doc: 'Tracers', fields: removed.span },
  { name: 'evtin', doc: 'Events inside of tracers', fields: removed.evtin },
  { name: 'mesos', doc: 'Mesos and Marathon', fields: removed.mesos },
]

export const registry = new FieldRegistry(CLASSES)
