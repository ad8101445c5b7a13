namespace GpuNets.Kernels;

/// <summary>
/// Where things lie in the buffers of a run; offsets in floats. Row q = t * B + b belongs to step t of sequence b; arrays with a row more
/// per sequence hold the state before the first step in row b, so that row q is the state before step t and row q + B that after it.
/// </summary>
internal struct NtmLayout
{
    /// <summary>Packed weights: the first layer, further layers, and the size of one of those.</summary>
    public int FurtherLayers, FurtherSize;

    /// <summary>Packed weights: heads, output layer, initial state.</summary>
    public int HeadBias, HeadTransposed, HeadWeight, OutputBias, OutputTransposed, OutputWeight;
    public int FirstRead, FirstWeights, FirstMemory, FirstHidden, FirstCell, PackedSize;

    /// <summary>Log of a run, [T B, ...]: controller inputs, output inputs, gates, head parameters before and after activation.</summary>
    public int Inputs, Tops, Gates, Raw, Act;

    /// <summary>[T B, H, 4 N + 2]: cosine, norms, content and shifted weightings; then two sums.</summary>
    public int Address;

    /// <summary>[(T + 1) B, ...]: weightings, read vectors, controller state (per layer).</summary>
    public int Weights, Reads, Hidden, Cells;

    /// <summary>[B, MemorySlots, M, N].</summary>
    public int Memory, MemorySlots;

    /// <summary>[B, ScratchSize].</summary>
    public int Scratch, LogSize;

    /// <summary>Within a sequence's scratch.</summary>
    public int Gated, Halo, Dot, Norm, DAct, DTop;

    /// <summary>Within a sequence's scratch: what flows from a step to the one before; zero at first.</summary>
    public int DWeights, DMemory, DInput, DHidden, DCell, FlowSize, ScratchSize;

    /// <summary>Lays out a run.</summary>
    /// <param name="z">Sizes.</param>
    /// <param name="keepsMemory">Keep the memory of every step, for the backward pass.</param>
    public NtmLayout(NtmSizes z, bool keepsMemory)
    {
        long at = LayerSize(z, 0);
        FurtherLayers = (int)at;
        FurtherSize = (int)LayerSize(z, 1);
        at += (z.Layers - 1L) * FurtherSize;
        HeadBias = Take(ref at, z.HeadsWidth);
        HeadTransposed = Take(ref at, (long)z.HeadsWidth * z.Width);
        HeadWeight = Take(ref at, (long)z.HeadsWidth * z.Width);
        OutputBias = Take(ref at, z.Outputs);
        OutputTransposed = Take(ref at, (long)z.Outputs * z.OutputWidth);
        OutputWeight = Take(ref at, (long)z.Outputs * z.OutputWidth);
        FirstRead = Take(ref at, z.ReadWidth);
        FirstWeights = Take(ref at, (long)z.Heads * z.Rows);
        FirstMemory = Take(ref at, z.Cells);
        FirstHidden = Take(ref at, (long)z.Layers * z.Width);
        FirstCell = Take(ref at, (long)z.Layers * z.Width);
        PackedSize = Checked(at);

        long steps = (long)z.Time * z.Batch, states = steps + z.Batch;
        at = 0;
        Inputs = Take(ref at, steps * z.InputWidth);
        Tops = Take(ref at, steps * z.OutputWidth);
        Gates = Take(ref at, steps * z.Layers * z.GateWidth);
        Raw = Take(ref at, steps * z.HeadsWidth);
        Act = Take(ref at, steps * z.HeadsWidth);
        Address = Take(ref at, steps * z.Heads * AddressSize(z));
        Weights = Take(ref at, states * z.Heads * z.Rows);
        Reads = Take(ref at, states * z.ReadWidth);
        Hidden = Take(ref at, states * z.Layers * z.Width);
        Cells = Take(ref at, z.Lstm != 0 ? states * z.Layers * z.Width : 1);
        MemorySlots = keepsMemory ? z.Time * z.Versions + 1 : z.Versions + 1;
        Memory = Take(ref at, (long)z.Batch * MemorySlots * z.Cells);
        Scratch = Checked(at);

        long part = 0;
        Gated = Take(ref part, z.Rows + 2 * z.Shift);
        Halo = Take(ref part, z.Rows + 2 * z.Shift);
        Dot = Take(ref part, z.Rows);
        Norm = Take(ref part, z.Rows);
        DAct = Take(ref part, z.HeadsWidth);
        DTop = Take(ref part, z.OutputWidth);
        DWeights = Take(ref part, (long)z.Heads * z.Rows);
        DMemory = Take(ref part, z.Cells);
        DInput = Take(ref part, Math.Max(z.InputWidth, z.Width));
        DHidden = Take(ref part, (long)z.Layers * z.Width);
        DCell = Take(ref part, (long)z.Layers * z.Width);
        FlowSize = (int)part - DWeights;
        ScratchSize = Checked(part);
        LogSize = Checked(at + part * z.Batch);
    }

    public static int AddressSize(NtmSizes z) => 4 * z.Rows + 2;

    /// <summary>Bias, weights transposed [inputs + width, gates], then as they are: [gates, inputs] and [gates, width].</summary>
    public readonly int Layer(int layer) => layer == 0 ? 0 : FurtherLayers + (layer - 1) * FurtherSize;

    public static int LayerTransposed(NtmSizes z) => Padded(z.GateWidth);

    public static int LayerWeight(NtmSizes z, int layer) =>
        LayerTransposed(z) + Padded((z.LayerInputs(layer) + (z.Lstm != 0 ? z.Width : 0)) * z.GateWidth);

    public static int LayerRecurrent(NtmSizes z, int layer) => LayerWeight(z, layer) + Padded(z.LayerInputs(layer) * z.GateWidth);

    private static long LayerSize(NtmSizes z, int layer) =>
        LayerRecurrent(z, layer) + (z.Lstm != 0 ? Padded(z.Width * z.GateWidth) : 0);

    // Whole cache lines.
    private static int Padded(int length) => (length + 15) & ~15;

    private static int Take(ref long at, long length)
    {
        int offset = Checked(at);
        at += (length + 15) & ~15L;
        return offset;
    }

    private static int Checked(long at) => at <= int.MaxValue
        ? (int)at
        : throw new GpuNetsException($"NTM: a run needs {at} values in one buffer, more than 2^31 - 1; use fewer steps or a smaller batch.");
}
