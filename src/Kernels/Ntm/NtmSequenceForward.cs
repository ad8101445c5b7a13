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

    public readonly void Row<TTeam>(int row) where TTeam : struct, ITeam => Run<TTeam, NtmInLog>(row);

    /// <summary>The sequence of a row. Apart from the log, memory and weightings lie where the backward pass has their gradients.</summary>
    public readonly unsafe void Run<TTeam, TPlace>(int row) where TTeam : struct, ITeam where TPlace : struct, INtmPlace
    {
        NtmSizes z = Sizes;
        NtmLayout at = Layout;
        float* packed = Packed.Ptr(), log = Log.Ptr(), scratch = TPlace.Scratch(log + (at.Scratch + row * at.ScratchSize));
        float* memories = log + (at.Memory + row * at.MemorySlots * z.Cells);
        int batch = z.Batch, states = z.Layers * z.Width, slot = 0;
        NtmCopy.Run<TTeam>(packed + at.FirstRead, log + (at.Reads + row * z.ReadWidth), z.ReadWidth);
        NtmCopy.Run<TTeam>(packed + at.FirstWeights, log + (at.Weights + row * z.Heads * z.Rows), z.Heads * z.Rows);
        NtmCopy.Run<TTeam>(packed + at.FirstMemory, memories, z.Cells);
        NtmCopy.Run<TTeam>(packed + at.FirstHidden, log + (at.Hidden + row * states), states);
        if (z.Lstm != 0) NtmCopy.Run<TTeam>(packed + at.FirstCell, log + (at.Cells + row * states), states);
        if (TPlace.IsApart)
        {
            NtmCopy.Run<TTeam>(packed + at.FirstWeights, scratch + at.DWeights, z.Heads * z.Rows);
            NtmCopy.Run<TTeam>(packed + at.FirstMemory, scratch + at.DMemory, z.Cells);
        }
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
            float* nearWeights = TPlace.Pick(weights, scratch + at.DWeights), nearAct = TPlace.Pick(act, scratch + at.DAct);
            int written = 0;
            for (int turn = 0; turn < z.Heads; turn++)
            {
                int h = z.HeadAt(turn);
                float* memory = TPlace.Pick(memories + slot * z.Cells, scratch + at.DMemory);
                var record = NtmRecord.Head(z, at, log, scratch, q, h);
                var head = NtmRecord.Near<TPlace>(z, at, record, scratch, h);
                NtmWeighting.Forward<TTeam>(z, head, memory);
                if (TPlace.IsApart) Keep<TTeam>(z, head, record);
                if (h < z.Reads) NtmMemory.Read<TTeam>(z, nearWeights + h * z.Rows, memory, reads + h * z.Columns);
                int due = z.WrittenAfter(turn + 1);
                while (written < due)
                {
                    int following = slot + 1 < at.MemorySlots ? slot + 1 : 0;
                    int count = z.ErasesFirst != 0 ? z.Writes : 1;
                    float* kept = memories + following * z.Cells;
                    NtmMemory.Write<TTeam, TPlace>(
                        z, NtmRecord.Writers(z, nearWeights, nearAct, written, count),
                        TPlace.Pick(memories + slot * z.Cells, scratch + at.DMemory), TPlace.Pick(kept, scratch + at.DMemory), kept);
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

    /// <summary>Copies to the log what the backward pass reads.</summary>
    private static unsafe void Keep<TTeam>(NtmSizes z, NtmHead head, NtmHead record) where TTeam : struct, ITeam
    {
        NtmCopy.Run<TTeam>(head.Act, record.Act, z.AddressWidth + head.Writes * 2 * z.Columns);
        NtmCopy.Run<TTeam>(head.Content, record.Content, z.Rows);
        NtmCopy.Run<TTeam>(head.Shifted, record.Shifted, z.Rows);
        NtmCopy.Run<TTeam>(head.Weights, record.Weights, z.Rows);
    }
}
