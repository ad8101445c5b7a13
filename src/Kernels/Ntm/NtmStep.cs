using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// One head's step over a batch in one launch: the same device code as the persistent form, a row per sequence. Memory is [B, M, N].
/// </summary>
internal static class NtmStep
{
    /// <summary>Values per sequence of a head's record: activated parameters, then cosine, norms, content, shifted, sums and scratch.</summary>
    public static int RecordSize(NtmSizes z, int width) => width + NtmLayout.AddressSize(z) + z.Rows + 2 * z.Shift;

    /// <summary>Scratch per sequence of the backward pass.</summary>
    public static int ScratchSize(NtmSizes z) => 3 * z.Rows + 2 * z.Shift;

    /// <summary>The places of a head in raw parameters [B, width], record, weightings [B, N] and previous weightings [B, N].</summary>
    public static unsafe NtmHead Head(NtmSizes z, int row, int width, int writes, float* raw, float* record, float* weights, float* previous)
    {
        float* act = record + row * RecordSize(z, width), address = act + width;
        return new NtmHead
        {
            Raw = raw + row * width,
            Act = act,
            Cosine = address,
            Norms = address + z.Rows,
            Content = address + 2 * z.Rows,
            Shifted = address + 3 * z.Rows,
            Sums = address + 4 * z.Rows,
            Gated = address + NtmLayout.AddressSize(z),
            Weights = weights + row * z.Rows,
            Previous = previous + row * z.Rows,
            Writes = writes,
        };
    }
}

/// <summary>Activates a head's parameters and computes its weighting.</summary>
internal struct NtmAddressForward : IRowKernel
{
    /// <summary>[B, Width], [B, N], [B, M, N].</summary>
    public ArrayView<float> Raw, Previous, Memory;

    /// <summary>Weightings [B, N], activated parameters [B, Width], record.</summary>
    public ArrayView<float> Weights, Act, Record;

    public NtmSizes Sizes;
    public int Width, Writes;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        var head = NtmStep.Head(Sizes, row, Width, Writes, Raw.Ptr(), Record.Ptr(), Weights.Ptr(), Previous.Ptr());
        NtmWeighting.Forward<TTeam>(Sizes, head, Memory.Ptr() + row * Sizes.Cells);
        NtmCopy.Run<TTeam>(head.Act, Act.Ptr() + row * Width, Width);
    }
}

/// <summary>Gradients of <see cref="NtmAddressForward"/>.</summary>
internal struct NtmAddressBackward : IRowKernel
{
    /// <summary>As in the forward pass.</summary>
    public ArrayView<float> Raw, Previous, Memory, Weights, Record;

    /// <summary>Gradients of the weightings and of the activated parameters; the latter is read for e and a only.</summary>
    public ArrayView<float> DWeights, DAct;

    /// <summary>Receive gradients.</summary>
    public ArrayView<float> DRaw, DPrevious, DMemory;

    public ArrayView<float> Scratch;
    public NtmSizes Sizes;
    public int Width, Writes;

    /// <summary>0: there is no gradient of the weightings or of e and a.</summary>
    public int HasDWeights, HasDAct;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        NtmSizes z = Sizes;
        var head = NtmStep.Head(z, row, Width, Writes, Raw.Ptr(), Record.Ptr(), Weights.Ptr(), Previous.Ptr());
        float* scratch = Scratch.Ptr() + row * NtmStep.ScratchSize(z), dRaw = DRaw.Ptr() + row * Width;
        float* dPrevious = DPrevious.Ptr() + row * z.Rows, dMemory = DMemory.Ptr() + row * z.Cells;
        if (HasDWeights != 0) NtmCopy.Run<TTeam>(DWeights.Ptr() + row * z.Rows, dPrevious, z.Rows);
        else NtmFill.Run<TTeam>(dPrevious, 0f, z.Rows);
        if (HasDAct != 0) NtmCopy.Run<TTeam>(DAct.Ptr() + row * Width, dRaw, Width);
        else NtmFill.Run<TTeam>(dRaw, 0f, Width);
        NtmFill.Run<TTeam>(dMemory, 0f, z.Cells);
        TTeam.Barrier();
        var gradient = new NtmHeadGradient
        {
            Weights = dPrevious,
            Memory = dMemory,
            Act = dRaw,
            Raw = dRaw,
            Halo = scratch,
            Dot = scratch + z.Rows + 2 * z.Shift,
            Norm = scratch + 2 * z.Rows + 2 * z.Shift,
        };
        NtmWeightingGradient.Run<TTeam>(z, head, gradient, Memory.Ptr() + row * z.Cells);
    }
}

/// <summary>r = sum_i w_i Mem_i.</summary>
internal struct NtmReadForward : IRowKernel
{
    /// <summary>[B, N], [B, M, N] and [B, M].</summary>
    public ArrayView<float> Weights, Memory, Reads;
    public NtmSizes Sizes;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam => NtmMemory.Read<TTeam>(
        Sizes, Weights.Ptr() + row * Sizes.Rows, Memory.Ptr() + row * Sizes.Cells, Reads.Ptr() + row * Sizes.Columns);
}

/// <summary>Gradients of <see cref="NtmReadForward"/>.</summary>
internal struct NtmReadBackward : IRowKernel
{
    public ArrayView<float> Weights, Memory, DReads, DWeights, DMemory;
    public NtmSizes Sizes;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* dWeights = DWeights.Ptr() + row * Sizes.Rows, dMemory = DMemory.Ptr() + row * Sizes.Cells;
        NtmFill.Run<TTeam>(dWeights, 0f, Sizes.Rows);
        NtmFill.Run<TTeam>(dMemory, 0f, Sizes.Cells);
        TTeam.Barrier();
        NtmMemory.ReadGradient<TTeam>(
            Sizes, Weights.Ptr() + row * Sizes.Rows, Memory.Ptr() + row * Sizes.Cells, DReads.Ptr() + row * Sizes.Columns, dWeights, dMemory);
    }
}

/// <summary>Erase and add by some heads at once, all erases first.</summary>
internal struct NtmWriteForward : IRowKernel
{
    /// <summary>Weightings [B, Count, N], activated parameters [B, Count, WriteWidth], memory before and after [B, M, N].</summary>
    public ArrayView<float> Weights, Act, Memory, Next;
    public NtmSizes Sizes;
    public int Count;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* next = Next.Ptr() + row * Sizes.Cells;
        NtmMemory.Write<TTeam, NtmInLog>(
            Sizes, Writers(Sizes, Count, row, Weights.Ptr(), Act.Ptr()), Memory.Ptr() + row * Sizes.Cells, next, next);
    }

    public static unsafe NtmWriters Writers(NtmSizes z, int count, int row, float* weights, float* act) => new()
    {
        Weights = weights + row * count * z.Rows,
        Act = act + row * count * z.WriteWidth,
        Stride = z.WriteWidth,
        Erase = z.AddressWidth,
        Count = count,
    };
}

/// <summary>Gradients of <see cref="NtmWriteForward"/>.</summary>
internal struct NtmWriteBackward : IRowKernel
{
    public ArrayView<float> Weights, Act, Memory, DNext, DWeights, DAct, DMemory;
    public NtmSizes Sizes;
    public int Count;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        NtmSizes z = Sizes;
        int values = Count * z.Rows, parameters = Count * z.WriteWidth;
        float* dMemory = DMemory.Ptr() + row * z.Cells, dWeights = DWeights.Ptr() + row * values, dAct = DAct.Ptr() + row * parameters;
        NtmCopy.Run<TTeam>(DNext.Ptr() + row * z.Cells, dMemory, z.Cells);
        NtmFill.Run<TTeam>(dWeights, 0f, values);
        NtmFill.Run<TTeam>(dAct, 0f, parameters);
        TTeam.Barrier();
        NtmMemory.WriteGradient<TTeam>(
            z, NtmWriteForward.Writers(z, Count, row, Weights.Ptr(), Act.Ptr()), Memory.Ptr() + row * z.Cells, dMemory, dWeights, dAct);
    }
}
