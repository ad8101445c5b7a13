using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Evaluates the reference of a case: values, derivatives of sum(gradient * output), and the error of plain float code.</summary>
internal sealed class OpReference
{
    // Relative step of central differences in double precision: truncation and rounding both stay near 1e-10.
    private const double Step = 1e-5;

    private readonly OpCase _case;
    private readonly float[][] _inputs;

    public OpReference(OpCase opCase, Philox random)
    {
        _case = opCase;
        _inputs = [.. opCase.Inputs.Select((input, n) => Draw(input, random.Fork($"input {n}")))];
        Output = Evaluate();
        OutputGradient = [.. Enumerable.Range(0, Output.Length).Select(i => (float)random.Fork("gradient").Normal((uint)i))];
    }

    public float[][] Inputs => _inputs;

    /// <summary>The double-precision output.</summary>
    public NdArray Output { get; }

    /// <summary>A random gradient of the output.</summary>
    public float[] OutputGradient { get; }

    /// <summary>The output of plain float code.</summary>
    public float[] SingleOutput()
    {
        using (Real.InSingle()) return [.. Evaluate().Values.Select(v => (float)v.Value)];
    }

    /// <summary>
    /// The derivative of sum(gradient * output) along a direction (one array per input), by forward differentiation; on request as plain
    /// float code would compute it.
    /// </summary>
    public double Derivative(float[][] direction, bool single = false)
    {
        using (single ? Real.InSingle() : null) return Weighted(Evaluate(direction)).Tangent;
    }

    /// <summary>The same by central differences of the double-precision reference.</summary>
    public double Difference(float[][] direction)
    {
        double h = Step;
        double up = Weighted(Evaluate(direction, h)).Value, down = Weighted(Evaluate(direction, -h)).Value;
        return (up - down) / (2 * h);
    }

    /// <summary>Magnitude that rounding errors of the output's weighted sum have: sum |gradient * output|.</summary>
    public double Magnitude => Output.Values.Zip(OutputGradient, (y, g) => Math.Abs(y.Value * g)).Sum();

    /// <summary>The error of float results in the measure that suits the case.</summary>
    public static double Error(OpCase opCase, float[] actual, double[] expected) =>
        opCase.Cancels ? Tolerance.NormwiseError(actual, expected) : Tolerance.RelativeError(actual, expected);

    /// <inheritdoc cref="Error(OpCase, float[], double[])"/>
    public double Error(float[] actual, double[] expected) => Error(_case, actual, expected);

    private static float[] Draw(OpInput input, Philox random) =>
        [.. Enumerable.Range(0, NdArray.Count(input.Shape)).Select(i => (float)input.Draw(random, (uint)i))];

    private NdArray Evaluate(float[][]? direction = null, double? step = null) => _case.Reference(
        [.. _case.Inputs.Select((input, n) => new NdArray(input.Shape, [.. _inputs[n].Select((x, i) =>
            direction is null ? new Real(x)
            : step is { } h ? new Real(x + h * direction[n][i])
            : new Real(x, direction[n][i]))]))]);

    private Real Weighted(NdArray output)
    {
        Real sum = 0;
        for (int i = 0; i < output.Length; i++) sum += OutputGradient[i] * output.Values[i];
        return sum;
    }
}
