using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>
/// Compares a case on a device with its reference. The allowed error is twice that of plain float code: the reference formula rounded
/// to float after every operation, measured on as many random inputs as give a stable maximum, and at least
/// <see cref="OpCase.PlainUlps"/>. Gradients are checked element by element (a sample of large inputs) and along a random direction.
/// </summary>
internal static class OpChecker
{
    private const double Ulp = 2 * Tolerance.Epsilon;
    private const int Sample = 48;

    public static void Check(Device device, OpCase opCase)
    {
        var random = new Philox(1).Fork(opCase.Name);
        var reference = new OpReference(opCase, random);
        using var tape = device.Record();
        var inputs = opCase.Inputs.Select((input, n) => tape.Watch(device.Tensor(reference.Inputs[n], input.Shape))).ToArray();
        var output = opCase.Run(inputs);
        Assert.Equal(new Shape(reference.Output.Shape), output.Shape);

        double[] expected = [.. reference.Output.Values.Select(v => v.Value)];
        Compare(opCase, "output", output.ToArray(), expected, PlainErrorOfOutput(opCase, reference, random));
        if (opCase.NoGradient)
        {
            Assert.False(output.RequiresGradient, $"{opCase.Name}: a gradient although the case says there is none");
            return;
        }
        tape.Backward(output, device.Tensor(reference.OutputGradient, output.Shape));
        float[][] gradients = [.. inputs.Select((input, n) =>
            tape.Gradient(input)?.ToArray() ?? throw new Xunit.Sdk.XunitException($"{opCase.Name}: no gradient for input {n}"))];
        CheckElements(opCase, reference, gradients, random);
        CheckDirection(opCase, reference, gradients, random);
    }

    private static double PlainErrorOfOutput(OpCase opCase, OpReference first, Philox random)
    {
        double worst = 0;
        int seen = 0;
        for (int draw = 0; draw < 64 && (seen < 256 || draw == 0) && first.Output.Length > 0; draw++)
        {
            var reference = draw == 0 ? first : new OpReference(opCase, random.Fork($"draw {draw}"));
            worst = Math.Max(worst, reference.Error(reference.SingleOutput(), [.. reference.Output.Values.Select(v => v.Value)]));
            seen += reference.Output.Length;
        }
        return worst;
    }

    private static void CheckElements(OpCase opCase, OpReference reference, float[][] gradients, Philox random)
    {
        var pick = random.Fork("sample");
        for (int n = 0; n < gradients.Length; n++)
        {
            int count = gradients[n].Length;
            int[] elements = count <= Sample ? [.. Enumerable.Range(0, count)]
                : [0, .. Enumerable.Range(1, Sample - 2).Select(i => pick.Below((uint)i, count)), count - 1];
            double[] expected = Derivatives(reference, gradients, n, elements, out double plainError);
            for (int i = 0; i < elements.Length; i++) AssertDifference(opCase, reference, Unit(gradients, n, elements[i]), expected[i]);
            float[] actual = [.. elements.Select(i => gradients[n][i])];
            // A few elements say little about the error of plain code: it is the largest over more random inputs, drawn while they matter.
            double error = OpReference.Error(opCase, actual, expected);
            for (int draw = 1, seen = elements.Length; seen is > 0 and < 256 && error > Allowed(opCase, plainError); draw++, seen += elements.Length)
            {
                Derivatives(new OpReference(opCase, random.Fork($"draw {draw}")), gradients, n, elements, out double another);
                plainError = Math.Max(plainError, another);
            }
            Compare(opCase, $"gradient of input {n}", actual, expected, plainError);
        }
    }

    private static double[] Derivatives(OpReference reference, float[][] gradients, int input, int[] elements, out double plainError)
    {
        double[] expected = [.. elements.Select(element => reference.Derivative(Unit(gradients, input, element)))];
        float[] plain = [.. elements.Select(element => (float)reference.SingleDerivative(Unit(gradients, input, element)))];
        plainError = reference.Error(plain, expected);
        return expected;
    }

    private static float[][] Unit(float[][] gradients, int input, int element)
    {
        float[][] unit = [.. gradients.Select(g => new float[g.Length])];
        unit[input][element] = 1;
        return unit;
    }

    private static void CheckDirection(OpCase opCase, OpReference reference, float[][] gradients, Philox random)
    {
        float[][] direction = [.. gradients.Select((g, n) =>
            Enumerable.Range(0, g.Length).Select(i => (float)random.Fork($"direction {n}").Normal((uint)i)).ToArray())];
        double expected = reference.Derivative(direction), plain = reference.SingleDerivative(direction), actual = 0, scale = 1e-30;
        AssertDifference(opCase, reference, direction, expected);
        for (int n = 0; n < gradients.Length; n++)
        {
            for (int i = 0; i < gradients[n].Length; i++)
            {
                double term = (double)gradients[n][i] * direction[n][i];
                actual += term;
                scale += Math.Abs(term);
            }
        }
        double allowed = 2 * Math.Max(Math.Abs(plain - expected) / scale, opCase.PlainUlps * Ulp);
        Assert.True(Math.Abs(actual - expected) / scale <= allowed,
            $"{opCase.Name}: directional derivative {actual:R}, expected {expected:R}; error {Math.Abs(actual - expected) / scale:G3}, allowed {allowed:G3}");
    }

    /// <summary>The derivative of the reference must be right itself, or the tolerance taken from it would be worth nothing.</summary>
    private static void AssertDifference(OpCase opCase, OpReference reference, float[][] direction, double derivative)
    {
        double difference = reference.Difference(direction);
        double error = Math.Abs(difference - derivative);
        Assert.True(error <= 1e-6 * (Math.Abs(derivative) + 1e-3 * reference.Magnitude + 1e-3),
            $"{opCase.Name}: derivative of the reference is {derivative:R} but its central difference {difference:R}");
    }

    private static void Compare(OpCase opCase, string what, float[] actual, double[] expected, double plainError)
    {
        double error = OpReference.Error(opCase, actual, expected), allowed = Allowed(opCase, plainError);
        Assert.True(error <= allowed, $"{opCase.Name}: error of the {what} is {error:G3}, allowed {allowed:G3} (plain float code: {plainError:G3}); "
            + $"expected {string.Join(", ", expected.Take(6).Select(e => e.ToString("G9")))}, got {string.Join(", ", actual.Take(6))}");
    }

    private static double Allowed(OpCase opCase, double plainError) => 2 * Math.Max(plainError, opCase.PlainUlps * Ulp);
}
