namespace GpuNets.Kernels;

/// <summary>Finds the parts of a head in the log of a run.</summary>
internal static unsafe class NtmRecord
{
    public static NtmHead Head(NtmSizes z, NtmLayout at, float* log, float* scratch, int q, int h)
    {
        int parameters = q * z.HeadsWidth + z.HeadOffset(h);
        float* address = log + (at.Address + (q * z.Heads + h) * NtmLayout.AddressSize(z));
        float* weights = log + (at.Weights + (q * z.Heads + h) * z.Rows);
        return new NtmHead
        {
            Raw = log + (at.Raw + parameters),
            Act = log + (at.Act + parameters),
            Cosine = address,
            Norms = address + z.Rows,
            Content = address + 2 * z.Rows,
            Shifted = address + 3 * z.Rows,
            Sums = address + 4 * z.Rows,
            Previous = weights,
            Weights = weights + z.Batch * z.Heads * z.Rows,
            Gated = scratch + at.Gated,
            Writes = h < z.Reads ? 0 : 1,
        };
    }

    /// <summary>The same head with what is written and read again near the team; a weighting replaces that of the step before.</summary>
    public static NtmHead Near<TPlace>(NtmSizes z, NtmLayout at, NtmHead record, float* scratch, int h) where TPlace : struct, INtmPlace
    {
        float* weights = scratch + (at.DWeights + h * z.Rows);
        record.Act = TPlace.Pick(record.Act, scratch + (at.DAct + z.HeadOffset(h)));
        record.Content = TPlace.Pick(record.Content, scratch + at.Dot);
        record.Shifted = TPlace.Pick(record.Shifted, scratch + at.Norm);
        record.Previous = TPlace.Pick(record.Previous, weights);
        record.Weights = TPlace.Pick(record.Weights, weights);
        return record;
    }

    /// <summary>Write heads first..first + count - 1; weights and act of all heads of the sequence and step.</summary>
    public static NtmWriters Writers(NtmSizes z, float* weights, float* act, int first, int count) => new()
    {
        Weights = weights + (z.Reads + first) * z.Rows,
        Act = act + z.HeadOffset(z.Reads + first),
        Stride = z.WriteWidth,
        Erase = z.AddressWidth,
        Count = count,
    };
}
