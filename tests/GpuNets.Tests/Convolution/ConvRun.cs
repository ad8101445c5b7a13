using GpuNets.Kernels;

namespace GpuNets.Tests.Convolutions;

/// <summary>
/// A convolution with random numbers in one form: forward, to data and to the weight, each compared at sampled elements. Forms that round
/// operands are given numbers as they are, and compared with products of rounded ones.
/// </summary>
internal sealed class ConvRun(Device device, ConvSize size, ConvForm form)
{
    private const int Samples = 150;
    private const double Ulp = 1.0 / (1 << 24);
    private readonly float[] _x = Numbers(1, size.Batch * size.In * size.InPlane);
    private readonly float[] _w = Numbers(2, size.Out * size.InPerGroup * size.Kernel);
    private readonly float[] _dy = Numbers(3, size.Batch * size.Out * size.OutPlane);
    private readonly float[] _bias = Numbers(4, size.Out);
    private readonly Func<float, float> _round = form switch
    {
        ConvForm.Tf32 => value => BitConverter.UInt32BitsToSingle(Rounding.Tf32(value)),
        ConvForm.BFloat16 => value => BitConverter.UInt32BitsToSingle(Rounding.BFloat16Pair(0f, value)),
        _ => value => value,
    };

    // One thread per output is slow on the host, where only its bounds matter.
    private const double MostDirectFlops = 1.5e7;

    /// <summary>The forms that differ for a problem.</summary>
    public static IEnumerable<ConvForm> Forms(ConvSize size)
    {
        yield return ConvForm.Tiles;
        if (size.Flops < MostDirectFlops) yield return ConvForm.Direct;
        if (ConvPlan.IsProduct(TapConv.Forward(size))) yield return ConvForm.Product;
    }

    /// <summary>Runs all three, first overwriting, then adding; the first pass meets NaN in its target.</summary>
    public void Check()
    {
        using var scope = device.Scope();
        DeviceBuffer x = Buffer(_x), w = Buffer(_w), dy = Buffer(_dy), bias = Buffer(_bias);
        DeviceBuffer y = Garbage(_dy.Length), dx = Garbage(_x.Length), dw = Garbage(_w.Length);
        Convolution.Forward(size, x, w, bias, y, Activation.Relu, form: form);
        Compare("y", y, 1, Math.Max, (at, add) => Output(at, add));
        Convolution.Forward(size, x, w, null, y, accumulate: false, form: form);
        Convolution.Forward(size, x, w, null, y, accumulate: true, form: form);
        Compare("y twice", y, 2, (sum, _) => sum, (at, add) => Output(at, add, withBias: false));
        foreach (bool accumulate in new[] { false, true })
        {
            int times = accumulate ? 2 : 1;
            Convolution.BackwardData(size, dy, w, dx, accumulate, form: form);
            Convolution.BackwardWeight(size, x, dy, dw, accumulate, form: form);
            Compare("dx", dx, times, (sum, _) => sum, Data);
            Compare("dw", dw, times, (sum, _) => sum, Weight);
        }
    }

    private void Output(int at, Action<double, double> add, bool withBias = true)
    {
        int q = at % size.OutWidth, p = at / size.OutWidth % size.OutHeight, o = at / size.OutPlane % size.Out, n = at / size.OutPlane / size.Out;
        if (withBias) add(_bias[o], 1);
        for (int c = 0; c < size.InPerGroup; c++)
            for (int t = 0; t < size.Kernel; t++)
                if (Source(n, o / size.OutPerGroup * size.InPerGroup + c, p, q, t) is >= 0 and var from && Exists(t, c, o))
                    add(_round(_w[(o * size.InPerGroup + c) * size.Kernel + t]), _round(_x[from]));
    }

    private void Data(int at, Action<double, double> add)
    {
        int n = at / size.InPlane / size.In, input = at / size.InPlane % size.In, group = input / size.InPerGroup;
        int row = at % size.InPlane / size.Width, column = at % size.Width;
        for (int o = group * size.OutPerGroup; o < (group + 1) * size.OutPerGroup; o++)
            for (int t = 0; t < size.Kernel; t++)
            {
                int y = row + size.Top - t / size.KernelWidth * size.DilationY, x = column + size.Left - t % size.KernelWidth * size.DilationX;
                if (y % size.StrideY != 0 || x % size.StrideX != 0) continue;
                (y, x) = (y / size.StrideY, x / size.StrideX);
                if (y < 0 || y >= size.OutHeight || x < 0 || x >= size.OutWidth || !Exists(t, input % size.InPerGroup, o)) continue;
                add(
                    _round(_w[(o * size.InPerGroup + input % size.InPerGroup) * size.Kernel + t]),
                    _round(_dy[((n * size.Out + o) * size.OutHeight + y) * size.OutWidth + x]));
            }
    }

    private void Weight(int at, Action<double, double> add)
    {
        int t = at % size.Kernel, c = at / size.Kernel % size.InPerGroup, o = at / size.Kernel / size.InPerGroup;
        if (!Exists(t, c, o)) return;
        for (int n = 0; n < size.Batch; n++)
            for (int p = 0; p < size.OutHeight; p++)
                for (int q = 0; q < size.OutWidth; q++)
                    if (Source(n, o / size.OutPerGroup * size.InPerGroup + c, p, q, t) is >= 0 and var from)
                        add(_round(_x[from]), _round(_dy[((n * size.Out + o) * size.OutHeight + p) * size.OutWidth + q]));
    }

    private bool Exists(int tap, int input, int output) =>
        size.Mask is null || size.Mask.Allows(tap, input, size.InPerGroup, output % size.OutPerGroup, size.OutPerGroup);

    private int Source(int n, int c, int p, int q, int tap)
    {
        int y = p * size.StrideY + tap / size.KernelWidth * size.DilationY - size.Top, x = q * size.StrideX + tap % size.KernelWidth * size.DilationX - size.Left;
        return y < 0 || y >= size.Height || x < 0 || x >= size.Width ? -1 : ((n * size.In + c) * size.Height + y) * size.Width + x;
    }

    private void Compare(string what, DeviceBuffer buffer, int times, Func<double, double, double> f, Action<int, Action<double, double>> terms)
    {
        float[] actual = new float[buffer.Length];
        buffer.Read(actual);
        var random = new Philox(7);
        for (int sample = 0; sample < Samples + 2; sample++)
        {
            int at = sample < Samples ? random.Below((uint)sample, actual.Length) : sample == Samples ? 0 : actual.Length - 1, count = 0;
            double sum = 0, magnitude = 0;
            terms(at, (a, b) =>
            {
                sum += a * b;
                magnitude += Math.Abs(a * b);
                count++;
            });
            double expected = f(times * sum, 0), bound = (count + 2) * Ulp * times * magnitude;
            Assert.True(Math.Abs(actual[at] - expected) <= bound, $"{form}: {what}[{at}] is {actual[at]:R}, expected {expected:R} within {bound:G3} ({count} terms)");
        }
    }

    private DeviceBuffer Buffer(float[] values)
    {
        var buffer = device.AllocateTemporary(values.Length, "operand");
        buffer.Write(values);
        return buffer;
    }

    private DeviceBuffer Garbage(int length) => Buffer([.. Enumerable.Repeat(float.NaN, length)]);

    private static float[] Numbers(uint stream, int count)
    {
        var random = new Philox(5, stream);
        var numbers = new float[count];
        for (int i = 0; i < count; i++) numbers[i] = 2 * random.Uniform((uint)i) - 1;
        return numbers;
    }
}
