namespace GpuNets.Tests.Ptx;

/// <summary>Where a thread waits.</summary>
internal enum PtxWait
{
    Runs,
    Group,
    Warp,
    Shuffle,
    Exited,
}

/// <summary>A thread of a <see cref="PtxMachine"/>: registers of 64 bits, whatever they hold.</summary>
internal sealed class PtxThread(int registers)
{
    public readonly ulong[] Registers = new ulong[registers];

    public int Index, Next;
    public (int X, int Y, int Z) Group;
    public PtxWait Wait;

    /// <summary>What the thread gives in a shuffle, whom it asks, and where the answer goes.</summary>
    public ulong Given;
    public int Asked, Answer;

    public nint Shared, Local;

    public float Float(int register) => BitConverter.UInt32BitsToSingle((uint)Registers[register]);
}
