using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// A Neural Turing Machine over a whole sequence in one launch: controller, heads, memory and output layer, step after step; a row is one
/// sequence and its team runs the loop over time. The state of a sequence stays in the first caches of its core or multiprocessor, the
/// weights in the second. Meant for batches of one to a few hundred sequences.
/// </summary>
internal struct NtmSequenceForward : IRowKernel
{
    /// <summary>Inputs [T, B, Inputs], packed weights, log and logits [T, B, Outputs].</summary>
    public ArrayView<float> X, Packed, Log, Logits;
    public NtmSizes Sizes;
    public NtmLayout Layout;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        NtmSizes z = Sizes;
        NtmLayout at = Layout;
        float* packed = Packed.Ptr(), log = Log.Ptr(), scratch = log + (at.Scratch + row * at.ScratchSize);
        float* memories = log + (at.Memory + row * at.MemorySlots * z.Cells);
        int batch = z.Batch, states = z.Layers * z.Width, slot = 0;
        NtmCopy.Run<TTeam>(packed + at.FirstRead, log + (at.Reads + row * z.ReadWidth), z.ReadWidth);
        NtmCopy.Run<TTeam>(packed + at.FirstWeights, log + (at.Weights + row * z.Heads * z.Rows), z.Heads * z.Rows);
        NtmCopy.Run<TTeam>(packed + at.FirstMemory, memories, z.Cells);
        NtmCopy.Run<TTeam>(packed + at.FirstHidden, log + (at.Hidden + row * states), states);
        if (z.Lstm != 0) NtmCopy.Run<TTeam>(packed + at.FirstCell, log + (at.Cells + row * states), states);
        TTeam.Barrier();
        for (int t = 0; t < z.Time; t++)
        {
            int q = t * batch + row, next = q + batch;
            float* input = log + (at.Inputs + q * z.InputWidth), top = log + (at.Tops + q * z.OutputWidth);
            NtmCopy.Run<TTeam>(X.Ptr() + q * z.Inputs, input, z.Inputs);
            NtmCopy.Run<TTeam>(log + (at.Reads + q * z.ReadWidth), input + z.Inputs, z.ReadWidth);
            TTeam.Barrier();
            float* hidden = log + (at.Hidden + next * states), raw = log + (at.Raw + q * z.HeadsWidth), act = log + (at.Act + q * z.HeadsWidth);
            NtmControllerStep.Forward<TTeam>(z, at, packed, log, q);
            float* state = hidden + (z.Layers - 1) * z.Width;
            NtmProduct.Run<TTeam>(state, packed + at.HeadTransposed, z.HeadsWidth, z.Width, raw, packed + at.HeadBias, z.HeadsWidth);
            TTeam.Barrier();
            float* weights = log + (at.Weights + next * z.Heads * z.Rows), reads = log + (at.Reads + next * z.ReadWidth);
            int written = 0;
            for (int turn = 0; turn < z.Heads; turn++)
            {
                int h = z.HeadAt(turn);
                float* memory = memories + slot * z.Cells;
                NtmWeighting.Forward<TTeam>(z, NtmRecord.Head(z, at, log, scratch, q, h), memory);
                if (h < z.Reads) NtmMemory.Read<TTeam>(z, weights + h * z.Rows, memory, reads + h * z.Columns);
                int due = z.WrittenAfter(turn + 1);
                while (written < due)
                {
                    int following = slot + 1 < at.MemorySlots ? slot + 1 : 0;
                    int count = z.ErasesFirst != 0 ? z.Writes : 1;
                    NtmMemory.Write<TTeam>(
                        z, NtmRecord.Writers(z, weights, act, written, count), memories + slot * z.Cells, memories + following * z.Cells);
                    slot = following;
                    written += count;
                }
            }
            NtmCopy.Run<TTeam>(state, top, z.Width);
            NtmCopy.Run<TTeam>(reads, top + z.Width, z.ReadWidth);
            TTeam.Barrier();
            NtmProduct.Run<TTeam>(
                top, packed + at.OutputTransposed, z.Outputs, z.OutputWidth, Logits.Ptr() + q * z.Outputs, packed + at.OutputBias, z.Outputs);
        }
    }
}
