/* The BPF object inside the addon. */
	.section .rodata, "a"
	.balign 16
	.globl ksys_bpf_start
	.globl ksys_bpf_end
	.hidden ksys_bpf_start
	.hidden ksys_bpf_end
ksys_bpf_start:
	.incbin "ksys.bpf.o"
ksys_bpf_end:
	.section .note.GNU-stack, "", %progbits
