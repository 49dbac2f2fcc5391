// A terminal's settings in the kernel's format (asm-generic/termbits.h).
import { constants } from '../constants.js'
import * as s from '../shape.js'

const input = constants('c_iflag')
const output = constants('c_oflag')
/** speeds and character sizes are numbers among the bits: larger ones come first */
const control = constants('c_cflag')
const local = constants('c_lflag')
const disciplines = constants('line_disciplines')

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
