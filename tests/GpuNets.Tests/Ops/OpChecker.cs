using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>
/// Compares a case on a device with its reference. The allowed error is twice that of plain float code, which is the reference formula
/// rounded to float after every operation: its largest error over many random inputs, and at least
/// <see cref="OpCase.PlainUlps"/>. Gradients are checked element by element (a sample of large inputs) and along a random direction.
/// </summary>
internal static class OpChecker
{
    private const double Ulp = 2 * Tolerance.Epsilon;
    private const int Sample = 48;

    // The error of one draw is a matter of luck, most of all where a result is nearly zero: so many draws, and so many values.
    private const int Draws = 16, Values = 256;

    public static void Check(Device device, OpCase opCase)
    {
        var random = new Philox(1).Fork(opCase.Name);
        var reference = new OpReference(opCase, random);
        float[][]? gradients = CheckOnce(device, opCase, reference, random);
        if (gradients is not null) CheckAccumulation(device, opCase, reference, gradients);
    }

    private static float[][]? CheckOnce(Device device, OpCase opCase, OpReference reference, Philox random)
    {
        using var tape = device.Record();
        var inputs = opCase.Inputs.Select((input, n) => tape.Watch(device.Tensor(reference.Inputs[n], input.Shape))).ToArray();
        var output = opCase.Run(inputs);
        Assert.Equal(new Shape(reference.Output.Shape), output.Shape);
        CheckError(opCase, "output", output.ToArray(), reference, random, Output);
        if (opCase.NoGradient)
        {
            Assert.False(output.RequiresGradient, $"{opCase.Name}: a gradient although the case says there is none");
            return null;
        }
        var outputGradient = device.Tensor(reference.OutputGradient, output.Shape);
        tape.Backward(output, outputGradient);
        Assert.Equal(reference.OutputGradient, outputGradient.ToArray());
        float[][] gradients = [.. inputs.Select((input, n) =>
            tape.Gradient(input)?.ToArray() ?? throw new Xunit.Sdk.XunitException($"{opCase.Name}: no gradient for input {n}"))];
        for (int n = 0; n < gradients.Length; n++)
        {
            int input = n;
            int[] elements = Elements(gradients[n].Length, random.Fork("sample"));
            foreach (int element in elements) AssertDifference(opCase, reference, Unit(gradients, n, element));
            CheckError(opCase, $"gradient of input {n}", [.. elements.Select(i => gradients[input][i])], reference, random,
                (draw, single) => [.. elements.Select(i => draw.Derivative(Unit(gradients, input, i), single))]);
        }
        CheckDirection(opCase, reference, gradients, random);
        return gradients;
    }

    private static double[] Output(OpReference draw, bool single) =>
        single ? [.. draw.SingleOutput().Select(y => (double)y)] : [.. draw.Output.Values.Select(y => y.Value)];

    /// <summary>All elements of a small input; first, last and some others of a large one.</summary>
    private static int[] Elements(int count, Philox pick) => count <= Sample
        ? [.. Enumerable.Range(0, count)]
        : [0, .. Enumerable.Range(1, Sample - 2).Select(i => pick.Below((uint)i, count)), count - 1];

    private static float[][] Unit(float[][] like, int input, int element)
    {
        float[][] unit = [.. like.Select(values => new float[values.Length])];
        unit[input][element] = 1;
        return unit;
    }

    private static void CheckError(
        OpCase opCase, string what, float[] actual, OpReference reference, Philox random, Func<OpReference, bool, double[]> evaluate)
    {
        double[] expected = evaluate(reference, false);
        double error = OpReference.Error(opCase, actual, expected), plain = 0, allowed = 0;
        // More draws only raise the bound: stop when it is high enough.
        for (int draw = 0; (draw < Draws || draw * expected.Length < Values) && !(error <= allowed) && expected.Length > 0; draw++)
        {
            var at = draw == 0 ? reference : new OpReference(opCase, random.Fork($"draw {draw}"));
            plain = Math.Max(plain, at.Error([.. evaluate(at, true).Select(y => (float)y)], evaluate(at, false)));
            allowed = 2 * Math.Max(plain, opCase.PlainUlps * Ulp);
        }
        Assert.True(error <= allowed, $"{opCase.Name}: error of the {what} is {error:G3}, allowed {allowed:G3} (plain float code: {plain:G3}); "
            + $"expected {string.Join(", ", expected.Take(6).Select(e => e.ToString("G9")))}, got {string.Join(", ", actual.Take(6))}");
    }

    private static void CheckDirection(OpCase opCase, OpReference reference, float[][] gradients, Philox random)
    {
        float[][] direction = [.. gradients.Select((g, n) =>
            Enumerable.Range(0, g.Length).Select(i => (float)random.Fork($"direction {n}").Normal((uint)i)).ToArray())];
        double expected = reference.Derivative(direction), actual = 0, scale = 1e-30;
        AssertDifference(opCase, reference, direction);
        for (int n = 0; n < gradients.Length; n++)
        {
            for (int i = 0; i < gradients[n].Length; i++)
            {
                double term = (double)gradients[n][i] * direction[n][i];
                actual += term;
                scale += Math.Abs(term);
            }
        }
        double error = Math.Abs(actual - expected) / scale, allowed = 0;
        for (int draw = 0; draw < Draws && !(error <= allowed); draw++)
        {
            var at = draw == 0 ? reference : new OpReference(opCase, random.Fork($"draw {draw}"));
            double plain = Math.Abs(at.Derivative(direction, single: true) - at.Derivative(direction)) / scale;
            allowed = Math.Max(allowed, 2 * Math.Max(plain, opCase.PlainUlps * Ulp));
        }
        Assert.True(error <= allowed,
            $"{opCase.Name}: directional derivative {actual:R}, expected {expected:R}; error {error:G3}, allowed {allowed:G3}");
    }

    /// <summary>A second gradient for the same input is added to the first. That is logic: its errors are of the size of the gradient.</summary>
    private static void CheckAccumulation(Device device, OpCase opCase, OpReference reference, float[][] gradients)
    {
        using var tape = device.Record();
        var inputs = opCase.Inputs.Select((input, n) => tape.Watch(device.Tensor(reference.Inputs[n], input.Shape))).ToArray();
        var output = opCase.Run(inputs) + opCase.Run(inputs);
        tape.Backward(output, device.Tensor(reference.OutputGradient, output.Shape));
        for (int n = 0; n < inputs.Length; n++)
        {
            float[] twice = tape.Gradient(inputs[n])!.ToArray();
            float largest = gradients[n].Select(MathF.Abs).DefaultIfEmpty().Max();
            for (int i = 0; i < twice.Length; i++)
            {
                Assert.True(MathF.Abs(twice[i] - 2 * gradients[n][i]) <= 1e-4f * largest,
                    $"{opCase.Name}: used twice, input {n} has gradient {twice[i]} at {i}, used once {gradients[n][i]}");
            }
        }
    }

    /// <summary>The derivative of the reference must be right itself, or the tolerance taken from it would be worth nothing.</summary>
    private static void AssertDifference(OpCase opCase, OpReference reference, float[][] direction)
    {
        double derivative = reference.Derivative(direction), difference = reference.Difference(direction);
        double error = Math.Abs(difference - derivative);
        Assert.True(error <= 1e-6 * (Math.Abs(derivative) + 1e-3 * reference.Magnitude + 1e-3),
            $"{opCase.Name}: derivative of the reference is {derivative:R} but its central difference {difference:R}");
    }
}
