// Names within the values of sockets' options (linux/in.h, linux/net_tstamp.h, linux/if_packet.h, net/tcp_states.h).
import { own } from './own.js'

export const mtuDiscovery = own(
  'mtu_discovery',
  `
IP_PMTUDISC_DONT=0
IP_PMTUDISC_WANT=1
IP_PMTUDISC_DO=2
IP_PMTUDISC_PROBE=3
IP_PMTUDISC_INTERFACE=4
IP_PMTUDISC_OMIT=5
`,
)
export const timestamping = own(
  'timestamping',
  `
SOF_TIMESTAMPING_TX_HARDWARE=1
SOF_TIMESTAMPING_TX_SOFTWARE=2
SOF_TIMESTAMPING_RX_HARDWARE=4
SOF_TIMESTAMPING_RX_SOFTWARE=8
SOF_TIMESTAMPING_SOFTWARE=0x10
SOF_TIMESTAMPING_SYS_HARDWARE=0x20
SOF_TIMESTAMPING_RAW_HARDWARE=0x40
SOF_TIMESTAMPING_OPT_ID=0x80
SOF_TIMESTAMPING_TX_SCHED=0x100
SOF_TIMESTAMPING_TX_ACK=0x200
SOF_TIMESTAMPING_OPT_CMSG=0x400
SOF_TIMESTAMPING_OPT_TSONLY=0x800
SOF_TIMESTAMPING_OPT_STATS=0x1000
SOF_TIMESTAMPING_OPT_PKTINFO=0x2000
SOF_TIMESTAMPING_OPT_TX_SWHW=0x4000
SOF_TIMESTAMPING_BIND_PHC=0x8000
SOF_TIMESTAMPING_OPT_ID_TCP=0x10000
SOF_TIMESTAMPING_OPT_RX_FILTER=0x20000
SOF_TIMESTAMPING_TX_COMPLETION=0x40000 # unchecked
`,
)
export const txtimeFlags = own(
  'txtime_flags',
  `
SOF_TXTIME_DEADLINE_MODE=1
SOF_TXTIME_REPORT_ERRORS=2
`,
)
export const bufferLocks = own(
  'buffer_locks',
  `
SOCK_SNDBUF_LOCK=1
SOCK_RCVBUF_LOCK=2
`,
)
export const tcpStates = own(
  'tcp_states',
  `
TCP_ESTABLISHED=1 # unchecked
TCP_SYN_SENT=2 # unchecked
TCP_SYN_RECV=3 # unchecked
TCP_FIN_WAIT1=4 # unchecked
TCP_FIN_WAIT2=5 # unchecked
TCP_TIME_WAIT=6 # unchecked
TCP_CLOSE=7 # unchecked
TCP_CLOSE_WAIT=8 # unchecked
TCP_LAST_ACK=9 # unchecked
TCP_LISTEN=10 # unchecked
TCP_CLOSING=11 # unchecked
TCP_NEW_SYN_RECV=12 # unchecked
`,
)
export const tcpCongestionStates = own(
  'tcp_congestion_states',
  `
TCP_CA_Open=0
TCP_CA_Disorder=1
TCP_CA_CWR=2
TCP_CA_Recovery=3
TCP_CA_Loss=4
`,
)
export const tcpInfoOptions = own(
  'tcp_info_options',
  `
TCPI_OPT_TIMESTAMPS=1
TCPI_OPT_SACK=2
TCPI_OPT_WSCALE=4
TCPI_OPT_ECN=8
TCPI_OPT_ECN_SEEN=0x10
TCPI_OPT_SYN_DATA=0x20
TCPI_OPT_USEC_TS=0x40
`,
)
export const packetMembers = own(
  'packet_members',
  `
PACKET_MR_MULTICAST=0
PACKET_MR_PROMISC=1
PACKET_MR_ALLMULTI=2
PACKET_MR_UNICAST=3
`,
)
export const packetVersions = own(
  'packet_versions',
  `
TPACKET_V1=0
TPACKET_V2=1
TPACKET_V3=2
`,
)
export const udpEncapsulations = own(
  'udp_encapsulations',
  `
UDP_ENCAP_ESPINUDP_NON_IKE=1
UDP_ENCAP_ESPINUDP=2
UDP_ENCAP_L2TPINUDP=3
UDP_ENCAP_GTP0=4
UDP_ENCAP_GTP1U=5
UDP_ENCAP_RXRPC=6
TCP_ENCAP_ESPINTCP=7
`,
)
export const tlsVersions = own(
  'tls_versions',
  `
TLS_1_2_VERSION=0x303
TLS_1_3_VERSION=0x304
`,
)
export const tlsCiphers = own(
  'tls_ciphers',
  `
TLS_CIPHER_AES_GCM_128=51
TLS_CIPHER_AES_GCM_256=52
TLS_CIPHER_AES_CCM_128=53
TLS_CIPHER_CHACHA20_POLY1305=54
TLS_CIPHER_SM4_GCM=55
TLS_CIPHER_SM4_CCM=56
TLS_CIPHER_ARIA_GCM_128=57
TLS_CIPHER_ARIA_GCM_256=58
`,
)
