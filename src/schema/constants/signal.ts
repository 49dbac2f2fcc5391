// Constants of signals.
import { own } from './own.js'

export const sigprocmaskHow = own(
  'sigprocmask_how',
  `
SIG_BLOCK=0
SIG_UNBLOCK=1
SIG_SETMASK=2
`,
)

export const sigactionFlags = own(
  'sigaction_flags',
  `
SA_NOCLDSTOP=1
SA_NOCLDWAIT=2
SA_SIGINFO=4
SA_UNSUPPORTED=0x400
SA_EXPOSE_TAGBITS=0x800
SA_RESTORER=0x4000000
SA_ONSTACK=0x8000000
SA_RESTART=0x10000000
SA_INTERRUPT=0x20000000 # unchecked
SA_NODEFER=0x40000000
SA_RESETHAND=0x80000000
`,
)

export const signalHandlers = own(
  'signal_handlers',
  `
SIG_DFL=0
SIG_IGN=1
SIG_ERR=-1
`,
)

export const sigaltstackFlags = own(
  'sigaltstack_flags',
  `
SS_ONSTACK=1
SS_DISABLE=2
SS_AUTODISARM=0x80000000
`,
)

export const siCodes = own(
  'si_codes',
  `
SI_USER=0
SI_KERNEL=128
SI_QUEUE=-1
SI_TIMER=-2
SI_MESGQ=-3
SI_ASYNCIO=-4
SI_SIGIO=-5
SI_TKILL=-6
SI_DETHREAD=-7
SI_ASYNCNL=-60
`,
)

export const childCodes = own(
  'child_codes',
  `
CLD_EXITED=1
CLD_KILLED=2
CLD_DUMPED=3
CLD_TRAPPED=4
CLD_STOPPED=5
CLD_CONTINUED=6
SI_USER=0
SI_QUEUE=-1
SI_TKILL=-6
`,
)
