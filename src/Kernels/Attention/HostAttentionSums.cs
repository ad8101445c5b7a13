namespace GpuNets.Kernels;

/// <summary>delta = the sum of dO o over a row of the output, for all rows.</summary>
internal unsafe struct HostAttentionDeltas<T> : IHostJob where T : struct, ILane<T>
{
    public AttentionSize Size;
    public HostAttentionPlace Output, OutputGradient;
    public float* Deltas;
    public int Parts;

    public readonly void Part(int index)
    {
        int end = (int)((long)Size.Rows * (index + 1) / Parts);
        for (int row = (int)((long)Size.Rows * index / Parts); row < end; row++)
        {
            int pair = row / Size.Queries, t = row % Size.Queries, sample = pair / Size.Heads, head = pair % Size.Heads;
            Deltas[row] = HostAttentionRows<T>.Dot(Output.Row(sample, head, t), OutputGradient.Row(sample, head, t), Size.ValueSize);
        }
    }
}

/// <summary>The gradient of the queries from its parts, in order of the parts.</summary>
internal unsafe struct HostAttentionTotals<T> : IHostJob where T : struct, ILane<T>
{
    public AttentionSize Size;
    public HostAttentionPlace QueryGradient;
    public float* Partial;
    public float Scale;
    public int KeyParts, Parts;

    public readonly void Part(int index)
    {
        int end = (int)((long)Size.Rows * (index + 1) / Parts);
        for (int row = (int)((long)Size.Rows * index / Parts); row < end; row++)
        {
            int pair = row / Size.Queries;
            float* target = QueryGradient.Row(pair / Size.Heads, pair % Size.Heads, row % Size.Queries), from = Partial + (nint)row * Size.Size;
            nint step = (nint)Size.Rows * Size.Size;
            for (int part = 1; part < KeyParts; part++) HostAttentionRows<T>.Add(from, from + part * step, Size.Size);
            HostAttentionRows<T>.Scale(target, from, Size.Size, Scale);
        }
    }
}
