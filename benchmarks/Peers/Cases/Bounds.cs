namespace GpuNets.Peers;

/// <summary>How far outputs may differ, in the measure of <see cref="Difference"/>.</summary>
internal static class Bounds
{
    /// <summary>Correctly rounded operations and choices: the same to the bit.</summary>
    public const double Exact = 0;

    /// <summary>Functions good to some units in the last place (1.2e-7), and sums of positive numbers in blocks.</summary>
    public const double Rounded = 2e-6;

    /// <summary>A row function on top of a row sum.</summary>
    public const double Normalised = 5e-6;

    /// <summary>Sums of up to 2048 products of either sign: float's noise is about the root of their number.</summary>
    public const double Product = 1e-5;

    /// <summary>Sums of up to 131072 products of either sign.</summary>
    public const double Convolved = 1e-4;

    /// <summary>Gradients of scores before a softmax: differences of sums of 2000 products, larger than what remains of them.</summary>
    public const double Score = 5e-5;

    /// <summary>Gradients through 50 steps of a recurrent network.</summary>
    public const double Recurrent = 1e-4;

    /// <summary>Gradients through 41 steps of an NTM, and weights after updates with them: some six times by which the peer in float
    /// differs from itself in double (8e-5, in the gradient of the first weightings at batch 16).</summary>
    public const double Trained = 5e-4;

    /// <summary>Gradients through ReLU over millions of units: some lie so near to zero that rounding decides whether they pass a
    /// gradient, and one of them is a hundredth of the gradient of an input that a few dozen pairs share.</summary>
    public const double Kinked = 3e-2;
}
