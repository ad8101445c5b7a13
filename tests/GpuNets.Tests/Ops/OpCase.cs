using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>One differentiable function under test: inputs, the function on tensors, and the same function as reference code.</summary>
/// <param name="Name">Unique name; seeds the inputs.</param>
/// <param name="Inputs">Shapes and distributions of the float inputs. Indices and the like are captured by the functions.</param>
/// <param name="Run">The function on tensors of the device under test. A case with several outputs joins them into one.</param>
/// <param name="Reference">The formula over <see cref="Real"/> numbers; must give the same shape.</param>
internal sealed record OpCase(string Name, OpInput[] Inputs, Func<Tensor[], Tensor> Run, Func<NdArray[], NdArray> Reference)
{
    /// <summary>
    /// Error that a plain float implementation may have, in units in the last place; counts where the measured one is smaller by luck.
    /// One unit is what C libraries promise for a single function. State a reason beside any other value.
    /// </summary>
    public double PlainUlps { get; init; } = 1;

    /// <summary>
    /// Results are sums whose terms cancel: the relative error of a small one has no bound, and that of plain code is just as wild. Errors
    /// then count in units of the array's largest element.
    /// </summary>
    public bool Cancels { get; init; }

    /// <summary>Also run in the emulated device forms, where each barrier costs up to a millisecond; tiny cases do.</summary>
    public bool Emulate { get; init; } = Inputs.Sum(input => NdArray.Count(input.Shape)) <= 128;

    /// <summary>The function has no gradient (indices, comparisons).</summary>
    public bool NoGradient { get; init; }

    public override string ToString() => Name;
}

/// <summary>Cases of one family of ops. Implement it anywhere in the tests with a parameterless constructor: reflection finds it.</summary>
internal interface IOpCases
{
    IEnumerable<OpCase> Cases { get; }
}
