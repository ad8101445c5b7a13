using GpuNets.Kernels;
using GpuNets.Reference;
using Xunit;

namespace GpuNets.Tests;

/// <summary>One matrix product with random operands, run on a device and compared with the double-precision reference.</summary>
internal sealed class GemmCase
{
    private readonly float[] _a, _b, _c, _bias, _residual;
    private readonly GemmSize _size;
    private readonly bool _hasBias, _accumulate, _hasResidual;
    private readonly Activation _activation;
    private readonly Func<float, float> _round;

    /// <param name="round">What the form under test rounds operands to; sums are floats in every form.</param>
    /// <param name="residual">Add a residual to the products, in place of what C holds.</param>
    public GemmCase(
        GemmSize size, ulong seed, bool bias = false, Activation activation = Activation.Identity, bool accumulate = false, Func<float, float>? round = null,
        bool residual = false)
    {
        _hasResidual = residual;
        _round = round ?? (value => value);
        (_size, _hasBias, _activation, _accumulate) = (size, bias, activation, accumulate);
        _a = Random(size.LastA, seed);
        _b = Random(size.LastB, seed + 1);
        _c = Random(size.LastC, seed + 2);
        _bias = Random(size.N, seed + 3);
        _residual = Random(size.LastC, seed + 4);
    }

    /// <summary>Runs the product and checks every output, and that nothing between the rows of C was touched.</summary>
    public void Check(Device device) => Check(Run(device));

    /// <summary>Runs the product by <paramref name="run"/> (A, B, C, bias) and checks it.</summary>
    public void Check(Device device, Action<DeviceBuffer, DeviceBuffer, DeviceBuffer, DeviceBuffer?> run) => Check(Run(device, run));

    /// <summary>Runs a GPU form by a plan and checks it.</summary>
    public void Check<TActivation>(Device device, TeamGemmPlan plan) where TActivation : struct, IUnaryOp
    {
        var residual = Upload(device, _residual);
        float[] result = Run(device, (a, b, c, bias) => TeamGemmLauncher.Run<TActivation>(
            device, new GemmOperands(a.Floats, b.Floats, c.Floats, (bias ?? c).Floats) { Old = (_hasResidual ? residual : c).Floats }, _size,
            new GemmGeometry(_size, bias is not null, _accumulate || _hasResidual), plan));
        residual.Free();
        Check(result);
    }

    private void Check(float[] result)
    {
        var touched = new bool[result.Length];
        for (int product = 0; product < _size.Batch; product++)
            for (int row = 0; row < _size.M; row++)
                for (int column = 0; column < _size.N; column++)
                {
                    long index = _size.OffsetC + product * _size.StrideC + (long)row * _size.LeadingC + column;
                    touched[index] = true;
                    var (value, bound) = Expected(product, row, column);
                    double error = Math.Abs(result[index] - value);
                    Assert.True(error <= bound, $"{this}: [{product}, {row}, {column}] is {result[index]}, expected {value} +- {bound}");
                }
        for (int i = 0; i < result.Length; i++)
            if (!touched[i]) Assert.True(float.IsNaN(result[i]) || _accumulate && result[i] == _c[i], $"{this}: wrote to gap element {i} of C");
    }

    /// <summary>What C holds afterwards. Before, it holds NaN where it must not be read.</summary>
    public float[] Run(Device device, Action<DeviceBuffer, DeviceBuffer, DeviceBuffer, DeviceBuffer?>? run = null)
    {
        DeviceBuffer a = Upload(device, _a), b = Upload(device, _b), bias = Upload(device, _bias), residual = Upload(device, _residual);
        run ??= (a, b, c, bias) => Gemm.Run(a, b, c, _size, bias, _activation, _accumulate, _hasResidual ? residual : null);
        var c = Upload(device, _accumulate ? _c : [.. _c.Select(_ => float.NaN)]);
        run(a, b, c, _hasBias ? bias : null);
        var result = new float[_c.Length];
        c.Read(result);
        foreach (var buffer in new[] { a, b, c, bias, residual }) buffer.Free();
        return result;
    }

    public override string ToString() =>
        $"{_size.Batch} x [{_size.M}, {_size.K}]{(_size.TransposeA ? "^T" : "")} [{_size.K}, {_size.N}]{(_size.TransposeB ? "^T" : "")}" +
        $"{(_hasBias ? " + bias" : "")}{(_accumulate ? " + C" : "")}{(_hasResidual ? " + R" : "")}, {_activation}";

    private (double Value, double Bound) Expected(int product, int row, int column)
    {
        long a = _size.OffsetA + product * _size.StrideA, b = _size.OffsetB + product * _size.StrideB;
        float bias = _hasBias ? _bias[column] : 0f;
        long place = _size.OffsetC + product * _size.StrideC + (long)row * _size.LeadingC + column;
        float old = _accumulate ? _c[place] : _hasResidual ? _residual[place] : 0f;
        var (sum, bound) = ReferenceGemm.Dot(
            _size.K,
            k => _round(_a[a + (_size.TransposeA ? (long)k * _size.LeadingA + row : (long)row * _size.LeadingA + k)]),
            k => _round(_b[b + (_size.TransposeB ? (long)column * _size.LeadingB + k : (long)k * _size.LeadingB + column)]),
            bias, old);
        double value = ReferenceActivation.Forward(_activation, sum);
        // No activation has a slope above 1.13; the formulas themselves are good to a few units in the last place.
        double function = _activation is Activation.Identity or Activation.Relu ? 0 : 8 * Math.Pow(2, -24) * Math.Max(1, Math.Abs(sum));
        return (value, 1.13 * bound + function);
    }

    private static DeviceBuffer Upload(Device device, float[] values)
    {
        var buffer = device.Allocate(values.Length);
        buffer.Write(values);
        return buffer;
    }

    private static float[] Random(long length, ulong seed)
    {
        var random = new Philox(seed);
        return [.. Enumerable.Range(0, (int)length).Select(i => 2f * random.Uniform((uint)i) - 1f)];
    }
}
