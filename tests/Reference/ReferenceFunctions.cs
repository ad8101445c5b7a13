namespace GpuNets.Reference;

/// <summary>Formulas that several ops and models are checked with.</summary>
public static class ReferenceFunctions
{
    public static Real Sum(IEnumerable<Real> values)
    {
        Real sum = 0;
        foreach (var value in values) sum += value;
        return sum;
    }

    public static Real Max(IReadOnlyList<Real> values)
    {
        Real max = double.NegativeInfinity;
        foreach (var value in values) max = Real.Max(max, value);
        return max;
    }

    /// <summary>ln sum e^x.</summary>
    public static Real LogSumExp(IReadOnlyList<Real> values)
    {
        double max = Max(values).Value;
        if (double.IsInfinity(max)) max = 0;
        return max + Real.Log(Sum(values.Select(x => Real.Exp(x - max))));
    }

    /// <summary>ln(1 + e^x).</summary>
    public static Real Softplus(Real x) => Real.Max(x, 0) + Real.Log(1 + Real.Exp(-Real.Abs(x)));

    /// <summary>e^x / sum e^x along an axis.</summary>
    public static NdArray Softmax(NdArray x, int axis)
    {
        var exponentials = NdArray.Broadcast(x, Constant(x.Reduce([axis], true, Max)), (a, max) => Real.Exp(a - max));
        return NdArray.Broadcast(exponentials, exponentials.Reduce([axis], true, Sum), (a, sum) => a / sum);
    }

    /// <summary>x - ln sum e^x along an axis.</summary>
    public static NdArray LogSoftmax(NdArray x, int axis) => NdArray.Broadcast(x, x.Reduce([axis], true, LogSumExp), (a, sum) => a - sum);

    /// <summary>The values without their derivatives: softmax does not depend on the shift.</summary>
    private static NdArray Constant(NdArray x) => x.Map(value => value.Value);
}
