using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Where the statistics of sets go: mean and 1 / sqrt(variance + epsilon), and running averages if there are any.</summary>
internal struct SetStatistics
{
    public ArrayView<float> Mean, Inverse, RunningMean, RunningVariance;
    public float Epsilon;

    /// <summary>Share of the new statistics in the running ones; 0 if there are none.</summary>
    public StepFloat Factor;

    /// <summary>n / (n - 1): the running variance is the unbiased one.</summary>
    public float Unbiased;

    public readonly void Keep<TTeam>(int set, float mean, float variance) where TTeam : struct, ITeam
    {
        if (TTeam.Rank == 0) Keep(set, new Scalar(mean), new Scalar(variance));
    }

    /// <summary>The same for neighbouring sets.</summary>
    public readonly unsafe T Keep<T>(int set, T mean, T variance) where T : struct, ILane<T>
    {
        T inverse = InverseOf(variance, Epsilon);
        T.Store(Mean.Ptr(), set, mean);
        T.Store(Inverse.Ptr(), set, inverse);
        float factor = Factor.Value;
        if (factor != 0f)
        {
            Average(RunningMean.Ptr(), set, mean, factor);
            Average(RunningVariance.Ptr(), set, variance * T.Of(Unbiased), factor);
        }
        return inverse;
    }

    public static T InverseOf<T>(T variance, float epsilon) where T : struct, ILane<T> => T.Of(1f) / T.Sqrt(variance + T.Of(epsilon));

    private static unsafe void Average<T>(float* running, int set, T value, float factor) where T : struct, ILane<T> =>
        T.Store(running, set, T.Load(running, set) * T.Of(1f - factor) + value * T.Of(factor));
}
