using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Backward pass of <see cref="NtmSequenceForward"/> in one launch, by the same teams: back through time with the memories that the forward
/// pass kept. Gates and raw head parameters in the log are replaced by the gradients of the pre-activations; the gradients of the weights
/// are matrix products over all steps and sequences, made afterwards. The gradients of the initial state stay in each sequence's scratch.
/// </summary>
[LargeKernel]
internal struct NtmSequenceBackward : IRowKernel
{
    /// <summary>Packed weights, log, gradients of logits [T, B, Outputs] and inputs [T, B, Inputs].</summary>
    public ArrayView<float> Packed, Log, DLogits, DX;
    public NtmSizes Sizes;
    public NtmLayout Layout;

    /// <summary>1: write the gradients of the inputs.</summary>
    public int WantsDX;

    public readonly void Row<TTeam>(int row) where TTeam : struct, ITeam => Run<TTeam, NtmInLog>(row);

    /// <summary>The sequence of a row, with its scratch where the place has it.</summary>
    public readonly unsafe void Run<TTeam, TPlace>(int row) where TTeam : struct, ITeam where TPlace : struct, INtmPlace
    {
        NtmSizes z = Sizes;
        NtmLayout at = Layout;
        float* packed = Packed.Ptr(), log = Log.Ptr(), kept = log + (at.Scratch + row * at.ScratchSize), scratch = TPlace.Scratch(kept);
        float* memories = log + (at.Memory + row * at.MemorySlots * z.Cells);
        float* dTop = scratch + at.DTop, dAct = scratch + at.DAct, dWeights = scratch + at.DWeights, dMemory = scratch + at.DMemory;
        float* dInput = scratch + at.DInput;
        int batch = z.Batch, slot = at.MemorySlots - 1;
        NtmFill.Run<TTeam>(dWeights, 0f, at.FlowSize);
        TTeam.Barrier();
        for (int t = z.Time - 1; t >= 0; t--)
        {
            int q = t * batch + row, next = q + batch;
            // What the read vectors did: in this step's output and in the next step's controller.
            NtmFill.Run<TTeam>(dTop, 0f, z.Width);
            NtmCopy.Run<TTeam>(dInput + z.Inputs, dTop + z.Width, z.ReadWidth);
            TTeam.Barrier();
            NtmProduct.Run<TTeam>(
                DLogits.Ptr() + q * z.Outputs, packed + at.OutputWeight, z.OutputWidth, z.Outputs, dTop, dTop, z.OutputWidth);
            TTeam.Barrier();
            float* weights = log + (at.Weights + next * z.Heads * z.Rows);
            float* raw = log + (at.Raw + q * z.HeadsWidth), act = log + (at.Act + q * z.HeadsWidth);
            int written = z.Writes;
            for (int turn = z.Heads - 1; turn >= 0; turn--)
            {
                int h = z.HeadAt(turn), due = z.WrittenAfter(turn);
                while (written > due)
                {
                    int count = z.ErasesFirst != 0 ? z.Writes : 1;
                    written -= count;
                    slot--;
                    NtmMemory.WriteGradient<TTeam>(
                        z, NtmRecord.Writers(z, weights, act, written, count), memories + slot * z.Cells, dMemory,
                        dWeights + (z.Reads + written) * z.Rows, dAct + z.HeadOffset(z.Reads + written));
                }
                float* memory = memories + slot * z.Cells;
                if (h < z.Reads)
                {
                    NtmMemory.ReadGradient<TTeam>(
                        z, weights + h * z.Rows, memory, dTop + z.Width + h * z.Columns, dWeights + h * z.Rows, dMemory);
                }
                var gradient = new NtmHeadGradient
                {
                    Weights = dWeights + h * z.Rows,
                    Memory = dMemory,
                    Act = dAct + z.HeadOffset(h),
                    Raw = raw + z.HeadOffset(h),
                    Halo = scratch + at.Halo,
                    Dot = scratch + at.Dot,
                    Norm = scratch + at.Norm,
                };
                NtmWeightingGradient.Run<TTeam>(z, NtmRecord.Head(z, at, log, scratch, q, h), gradient, memory);
            }
            NtmProduct.Run<TTeam>(raw, packed + at.HeadWeight, z.Width, z.HeadsWidth, dTop, dTop, z.Width);
            TTeam.Barrier();
            NtmControllerStep.Gradient<TTeam>(z, at, packed, log, scratch, q);
            if (WantsDX != 0) NtmCopy.Run<TTeam>(dInput, DX.Ptr() + q * z.Inputs, z.Inputs);
            TTeam.Barrier();
        }
        if (TPlace.IsApart) NtmCopy.Run<TTeam>(dWeights, kept + at.DWeights, at.FlowSize);
    }
}
