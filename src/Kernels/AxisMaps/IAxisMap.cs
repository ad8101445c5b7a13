namespace GpuNets.Kernels;

/// <summary>
/// A linear map along one axis whose outputs each see one or two inputs: padding by repetition, resizing. The struct holds the sizes. Its
/// transpose, the gradient, gathers: every input adds up the outputs that saw it, in ascending runs, so there are no atomics.
/// </summary>
internal interface IAxisMap
{
    /// <summary>y[o] = (1 - weight) x[first] + weight x[second].</summary>
    void Taps(int o, out int first, out int second, out float weight);

    /// <summary>Number of runs of outputs that may have seen an input.</summary>
    int Runs { get; }

    /// <summary>Outputs start, start + step, ... below end that may have seen input i.</summary>
    void Run(int i, int run, out int start, out int end, out int step);

    /// <summary>What output o took of input i.</summary>
    float Weight(int o, int i);

    /// <summary>How far output o and the input that it copies lie apart if the same holds for all outputs of [o, last]; else -1.</summary>
    int CopyDistance(int o, int last);

    /// <summary>How far input i and the only output that copied it lie apart if the same holds for all inputs of [i, last]; else -1.</summary>
    int CopiedDistance(int i, int last);
}
