/* The BPF object inside the addon, and the name of what compiled it. */
	.section .rodata, "a"
	.balign 16
	.globl ksys_bpf_start
	.globl ksys_bpf_end
	.hidden ksys_bpf_start
	.hidden ksys_bpf_end
	.globl ksys_bpf_compiler
	.hidden ksys_bpf_compiler
ksys_bpf_start:
	.incbin "ksys.bpf.o"
ksys_bpf_end:
ksys_bpf_compiler:
	.incbin "compiler.txt"
	.byte 0
	.section .note.GNU-stack, "", %progbits
