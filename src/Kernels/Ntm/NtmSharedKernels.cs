namespace GpuNets.Kernels;

/// <summary><see cref="NtmSequenceForward"/> by groups of threads with memory and weightings in shared memory.</summary>
internal struct NtmSharedForward : IGroupKernel
{
    public NtmSequenceForward Sequence;

    public readonly void Run(int group) => Sequence.Run<ThreadTeam<GroupThreads>, NtmInShared>(group);
}

/// <summary><see cref="NtmSequenceBackward"/> by groups of threads with all gradients of a step in shared memory.</summary>
[LargeKernel]
internal struct NtmSharedBackward : IGroupKernel
{
    public NtmSequenceBackward Sequence;

    public readonly void Run(int group) => Sequence.Run<ThreadTeam<GroupThreads>, NtmInShared>(group);
}
