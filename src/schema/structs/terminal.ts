// A terminal's settings in the kernel's format (asm-generic/termbits.h).
import { own } from '../constants/own.js'
import * as s from '../shape.js'

const input = own(
  'c_iflag',
  `IGNBRK=1 BRKINT=2 IGNPAR=4 PARMRK=8 INPCK=0x10 ISTRIP=0x20 INLCR=0x40 IGNCR=0x80 ICRNL=0x100 IUCLC=0x200 IXON=0x400
  IXANY=0x800 IXOFF=0x1000 IMAXBEL=0x2000 IUTF8=0x4000`,
)
const output = own(
  'c_oflag',
  `OPOST=1 OLCUC=2 ONLCR=4 OCRNL=8 ONOCR=0x10 ONLRET=0x20 OFILL=0x40 OFDEL=0x80 NL1=0x100 CR3=0x600 CR2=0x400 CR1=0x200
  TAB3=0x1800 TAB2=0x1000 TAB1=0x800 BS1=0x2000 VT1=0x4000 FF1=0x8000`,
)
/** speeds and character sizes are numbers among the bits: larger ones come first */
const control = own(
  'c_cflag',
  `B4000000=0x100f B3500000=0x100e B3000000=0x100d B2500000=0x100c B2000000=0x100b B1500000=0x100a B1152000=0x1009
  B1000000=0x1008 B921600=0x1007 B576000=0x1006 B500000=0x1005 B460800=0x1004 B230400=0x1003 B115200=0x1002 B57600=0x1001
  B38400=0xf B19200=0xe B9600=0xd B4800=0xc B2400=0xb B1800=0xa B1200=9 B600=8 B300=7 B200=6 B150=5 B134=4 B110=3 B75=2
  B50=1 CS8=0x30 CS7=0x20 CS6=0x10 CSTOPB=0x40 CREAD=0x80 PARENB=0x100 PARODD=0x200 HUPCL=0x400 CLOCAL=0x800
  BOTHER=0x1000 CMSPAR=0x40000000 CRTSCTS=0x80000000`,
)
const local = own(
  'c_lflag',
  `ISIG=1 ICANON=2 XCASE=4 ECHO=8 ECHOE=0x10 ECHOK=0x20 ECHONL=0x40 NOFLSH=0x80 TOSTOP=0x100 ECHOCTL=0x200 ECHOPRT=0x400
  ECHOKE=0x800 FLUSHO=0x1000 PENDIN=0x4000 IEXTEN=0x8000 EXTPROC=0x10000`,
)
const disciplines = own(
  'line_disciplines',
  'N_TTY=0 N_SLIP=1 N_MOUSE=2 N_PPP=3 N_HDLC=13 N_HCI=15 N_SLCAN=17 N_PPS=18 N_GSM0710=21 N_NULL=27',
)

/** of the oldest requests */
export const termio = s.struct({
  c_iflag: s.bits(input, s.u16),
  c_oflag: s.bits(output, s.u16),
  c_cflag: s.bits(control, s.u16),
  c_lflag: s.bits(local, s.u16),
  c_line: s.one(disciplines, s.u8),
  c_cc: s.bytes(8),
})

const settings = {
  c_iflag: s.bits(input),
  c_oflag: s.bits(output),
  c_cflag: s.bits(control),
  c_lflag: s.bits(local),
  c_line: s.one(disciplines, s.u8),
  c_cc: s.bytes(19),
}
export const termios = s.struct(settings)
/** with speeds that are not among the numbered ones */
export const termios2 = s.struct({ ...settings, c_ispeed: s.u32, c_ospeed: s.u32 })
