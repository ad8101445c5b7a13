using GpuNets.Reference;
using Xunit;

namespace GpuNets.Tests;

public sealed class MatMulTests
{
    public static TheoryData<string, string> Shapes => new()
    {
        { "4 3", "3 5" },
        { "1 7", "7 1" },
        { "6 4 3", "3 5" },              // batch of rows, one weight
        { "4 3", "6 3 5" },              // one matrix, batch of weights
        { "2 3 4 5", "2 3 5 2" },
        { "2 1 4 5", "3 5 2" },          // both broadcast: outer axis of one, inner axis of the other
        { "2 3 4 5", "2 1 5 2" },
        { "3 1 2 2 4", "1 2 1 4 3" },    // nothing can be merged
        { "1 1 4 3", "3 5" },
        { "33 17", "17 40" },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Shapes))]
    public void ForwardAndGradients(string a, string b)
    {
        int[] shapeA = Parse(a), shapeB = Parse(b);
        foreach (bool transposeA in new[] { false, true })
            foreach (bool transposeB in new[] { false, true })
                Check(Stored(shapeA, transposeA), Stored(shapeB, transposeB), transposeA, transposeB, false, Activation.Identity);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(Activation.Identity)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Gelu)]
    public void BiasAndActivation(Activation activation)
    {
        Check([5, 6], [7, 6], false, true, true, activation);
        Check([3, 5, 6], [6, 7], false, false, true, activation);
        Check([150, 3], [3, 4], false, false, true, activation);   // more rows than one chunk of the bias gradient
    }

    [Fact(Timeout = 60_000)]
    public void AnOperandMayMeetItself()
    {
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var x = tape.Watch(lease.Device.Tensor([1f, 2f, 3f, 4f], [2, 2]));
        tape.Backward(x.MatMul(x, transposeOther: true), lease.Device.Tensor([1f, 0f, 0f, 0f], [2, 2]));   // d (x0 . x0) = 2 x0
        Assert.Equal([2f, 4f, 0f, 0f], tape.Gradient(x)!.ToArray());
    }

    [Fact(Timeout = 60_000)]
    public void EmptySumsHaveZeroGradients()
    {
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var device = lease.Device;
        var x = tape.Watch(device.Tensor([], [0, 2, 3]));
        var weight = tape.Watch(device.Tensor([1f, 2f, 3f, 4f, 5f, 6f], [3, 2]));
        var bias = tape.Watch(device.Tensor(1f, 2f));
        var y = x.MatMul(weight, bias: bias);
        Assert.Equal([0, 2, 2], y.Shape);
        tape.Backward(y, device.Tensor([], [0, 2, 2]));
        Assert.All(tape.Gradient(weight)!.ToArray(), value => Assert.Equal(0f, value));
        Assert.All(tape.Gradient(bias)!.ToArray(), value => Assert.Equal(0f, value));
    }

    [Fact(Timeout = 60_000)]
    public void RefusesShapesThatDoNotFit()
    {
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        Tensor Make(params int[] shape) => lease.Device.Tensor(new float[shape.Aggregate(1, (x, y) => x * y)], shape);
        Refuses(() => Make(2, 3).MatMul(Make(4, 5)), "[2, 3] times [4, 5]: 3 columns meet 4 rows");
        Refuses(() => Make(2, 3).MatMul(Make(3, 5), transposeOther: true), "3 columns meet 5 rows");
        Refuses(() => Make(3).MatMul(Make(3, 5)), "two axes or more");
        Refuses(() => Make(2, 2, 3).MatMul(Make(3, 3, 5)), "do not broadcast: 2 and 3");
        Refuses(() => Make(2, 3).MatMul(Make(3, 5), bias: Make(3)), "the bias has shape [3], expected [5]");
        Refuses(() => Make(2, 3).MatMul(Make(3, 5), residual: Make(5)), "the residual has shape [5], expected [2, 5]");
        using var other = TestDevices.Lease();
        using var otherScope = other.Device.Scope();
        var foreign = other.Device.Tensor(new float[6], [3, 2]);
        Assert.Throws<DeviceMismatchException>(() => Make(2, 3).MatMul(foreign));

        static void Refuses(Action action, string message) =>
            Assert.Contains(message, Assert.Throws<ShapeException>(action).Message, StringComparison.Ordinal);
    }

    private static void Check(int[] shapeA, int[] shapeB, bool transposeA, bool transposeB, bool hasBias, Activation activation)
    {
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        int[] shape = ReferenceMatMul.Shape(shapeA, shapeB, transposeA, transposeB);
        Tensor a = Random(shapeA, 1), b = Random(shapeB, 2), bias = Random([shape[^1]], 3), dy = Random(shape, 4);
        foreach (var input in new[] { a, b, bias }) tape.Watch(input);
        double[] valuesA = Doubles(a), valuesB = Doubles(b), valuesBias = Doubles(bias), valuesDy = Doubles(dy);

        var y = a.MatMul(b, transposeA, transposeB, hasBias ? bias : null, activation);
        Assert.Equal(shape, y.Shape.Dimensions.ToArray());
        Compare(y, Forward(), "y");
        tape.Backward(y, dy);
        Compare(tape.Gradient(a)!, Differences(valuesA), "da");
        Compare(tape.Gradient(b)!, Differences(valuesB), "db");
        if (hasBias) Compare(tape.Gradient(bias)!, Differences(valuesBias), "dbias");
        else Assert.Null(tape.Gradient(bias));

        double[] Forward() =>
            [.. ReferenceMatMul.Forward(valuesA, shapeA, valuesB, shapeB, transposeA, transposeB, hasBias ? valuesBias : null)
                .Select(z => ReferenceActivation.Forward(activation, z))];

        double Loss() => Forward().Zip(valuesDy, (value, weight) => value * weight).Sum();

        double[] Differences(double[] input)
        {
            const double h = 1e-5;   // error of a central difference: about h^2 and 1e-16 / h
            var gradient = new double[input.Length];
            for (int i = 0; i < input.Length; i++)
            {
                double saved = input[i];
                input[i] = saved + h;
                double above = Loss();
                input[i] = saved - h;
                gradient[i] = (above - Loss()) / (2 * h);
                input[i] = saved;
            }
            return gradient;
        }

        void Compare(Tensor actual, double[] expected, string what)
        {
            // Sums of so many products of numbers below 1, each with a rounding error; twice that for activations and their slopes.
            double terms = 8 + (double)dy.Count * shapeA[transposeA ? ^2 : ^1] / actual.Count;
            double largest = expected.Max(Math.Abs), error = actual.ToArray().Zip(expected, (x, e) => Math.Abs(x - e)).Max();
            Assert.True(
                error <= 2 * terms * Tolerance.Epsilon * Math.Max(1, largest) + 1e-9,
                $"{what} of {string.Join('x', shapeA)} {string.Join('x', shapeB)} {transposeA} {transposeB} {activation}: error {error}, largest {largest}");
        }

        Tensor Random(int[] of, ulong seed)
        {
            var random = new Philox(seed);
            return lease.Device.Tensor([.. Enumerable.Range(0, of.Aggregate(1, (x, y) => x * y)).Select(i => 2f * random.Uniform((uint)i) - 1f)], of);
        }

        static double[] Doubles(Tensor tensor) => [.. tensor.ToArray().Select(value => (double)value)];
    }

    private static int[] Parse(string shape) => [.. shape.Split(' ').Select(int.Parse)];

    private static int[] Stored(int[] shape, bool transposed) => transposed ? [.. shape[..^2], shape[^1], shape[^2]] : shape;
}
