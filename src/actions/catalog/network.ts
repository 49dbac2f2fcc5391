// Actions on addresses, ports and connections.
import type { Action } from '../define.js'

const TCPDUMP = ['tcpdump', '-n', '-i', 'any'] as const

export const NETWORK_ACTIONS: readonly Action[] = [
  {
    id: 'tcpdump-connection',
    title: 'tcpdump connection',
    doc: 'The packets of this connection, until Ctrl-C.',
    argv: [
      ...TCPDUMP,
      ...['host', '{fd.lip}', 'and', 'host', '{fd.rip}'],
      ...['and', 'port', '{fd.lport}', 'and', 'port', '{fd.rport}'],
    ],
  },
  {
    id: 'tcpdump-local',
    title: 'tcpdump local IP',
    doc: 'The packets from and to the local address, until Ctrl-C.',
    argv: [...TCPDUMP, 'host', '{fd.lip}'],
  },
  {
    id: 'tcpdump-remote',
    title: 'tcpdump remote IP',
    doc: 'The packets from and to the remote address, until Ctrl-C.',
    argv: [...TCPDUMP, 'host', '{fd.rip}'],
  },
  {
    id: 'tcpdump-port',
    title: 'tcpdump port',
    doc: "The packets from and to the server's port, until Ctrl-C.",
    argv: [...TCPDUMP, 'port', '{fd.sport}'],
  },
  {
    id: 'nslookup',
    title: 'nslookup',
    doc: 'The name of the remote address.',
    argv: ['nslookup', '{fd.rip}'],
    anywhere: true,
  },
  {
    id: 'ping',
    title: 'ping',
    doc: 'Whether the remote address responds, until Ctrl-C.',
    argv: ['ping', '{fd.rip}'],
    anywhere: true,
  },
  {
    id: 'traceroute',
    title: 'traceroute',
    doc: 'The route to the remote address.',
    argv: ['traceroute', '{fd.rip}'],
    anywhere: true,
  },
]
