using System.Text.RegularExpressions;
using GpuNets.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Tests.Devices;

/// <summary>Tensor-core instructions: their emulation on a warp of the CPU accelerator against the formula, and their PTX.</summary>
[Collection(nameof(EmulatedGpus))]
public sealed partial class TensorCoreTests
{
    [Fact(Timeout = 60_000)]
    public async Task Tf32_tile_is_the_product_of_rounded_operands()
    {
        await Task.Yield();
        float[] a = Values(16 * 16, 1), b = Values(8 * 16, 2);
        float[] c = Run(
            [.. a.Select(Rounding.Tf32)], [.. b.Select(Rounding.Tf32)],
            (x, y, z) => new TileProduct<Tf32Tile> { A = x, B = y, C = z });
        Check(c, 16, (row, k) => Tf32(a[row * 16 + k]), (k, column) => Tf32(b[column * 16 + k]));
    }

    [Fact(Timeout = 60_000)]
    public async Task BFloat16_tile_is_the_product_of_rounded_operands()
    {
        await Task.Yield();
        float[] a = Values(16 * 32, 3), b = Values(8 * 32, 4);
        float[] c = Run(Pairs(a), Pairs(b), (x, y, z) => new TileProduct<BFloat16Tile> { A = x, B = y, C = z });
        Check(c, 32, (row, k) => BFloat16(a[row * 32 + k]), (k, column) => BFloat16(b[column * 32 + k]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Transposed_loads_turn_operands_that_are_stored_along_k()
    {
        await Task.Yield();
        float[] a = Values(32 * 16, 5), b = Values(32 * 8, 6);
        float[] c = Run(Pairs(a), Pairs(b), (x, y, z) => new TransposedTileProduct { A = x, B = y, C = z });
        Check(c, 32, (row, k) => BFloat16(a[k * 16 + row]), (k, column) => BFloat16(b[k * 8 + column]));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1f, 0x3F800000u, 0x3F80u)]
    [InlineData(1.00048828125f, 0x3F802000u, 0x3F80u)]     // 1 + 2^-11: a tie of tf32, away from zero
    [InlineData(1.00390625f, 0x3F808000u, 0x3F80u)]        // 1 + 2^-8: a tie of bfloat16, to even
    [InlineData(1.01171875f, 0x3F818000u, 0x3F82u)]        // 1 + 3 2^-8: a tie, to even, upwards
    [InlineData(-1.00048828125f, 0xBF802000u, 0xBF80u)]
    [InlineData(3.4028235e38f, 0x7F800000u, 0x7F80u)]      // the largest float rounds to infinity
    [InlineData(float.PositiveInfinity, 0x7F800000u, 0x7F80u)]
    [InlineData(0f, 0u, 0u)]
    public async Task Rounding_goes_to_the_nearest(float value, uint tf32, uint bfloat16)
    {
        await Task.Yield();
        Assert.Equal(tf32, Rounding.Tf32(value));
        Assert.Equal(bfloat16, Rounding.BFloat16Pair(value, 0f));
        Assert.Equal(bfloat16 << 16, Rounding.BFloat16Pair(0f, value));
        Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(Rounding.Tf32(float.NaN))));
        Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(Rounding.BFloat16Pair(0f, float.NaN))));
    }

    [Fact(Timeout = 60_000)]
    public async Task Copies_fill_up_with_zeros_and_functions_are_close()
    {
        await Task.Yield();
        uint[] from = [.. Enumerable.Range(1, 128).Select(i => (uint)i)];
        float[] x = [.. Enumerable.Range(0, 32).Select(i => 0.25f + i)];
        using var device = EmulatedGpu.Open(units: 1, warps: 1);
        using var source = device.Accelerator.Allocate1D(from);
        using var target = device.Accelerator.Allocate1D<uint>(128);
        using var input = device.Accelerator.Allocate1D(x);
        using var output = device.Accelerator.Allocate1D<float>(96);
        device.ForGrid(
            new CopiesAndFunctions { From = Quads(source), To = Quads(target), X = input.View, Y = output.View }, new KernelConfig(1, 32), 32);
        device.Synchronize();
        uint[] to = target.GetAsArray1D();
        float[] y = output.GetAsArray1D();
        for (int i = 0; i < 128; i++) Assert.Equal(i % 4 < i / 4 % 5 ? from[i] : 0u, to[i]);
        for (int i = 0; i < 32; i++)
        {
            Assert.Equal(1, y[3 * i] / Math.Pow(2, x[i]), 1e-6);
            Assert.Equal(1, y[3 * i + 1] * x[i], 1e-6);
            Assert.Equal(1, y[3 * i + 2] * Math.Sqrt(x[i]), 1e-6);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(8, 0)]
    [InlineData(9, 0)]
    public async Task Instructions_assemble_without_stack(int major, int minor)
    {
        await Task.Yield();
        string tf32 = Ptx(typeof(TileProduct<Tf32Tile>)), bfloat16 = Ptx(typeof(TileProduct<BFloat16Tile>)), transposed = Ptx(typeof(TransposedTileProduct));
        Assert.Equal(2, Regex.Count(tf32, @"mma\.sync\.aligned\.m16n8k8\.row\.col\.f32\.tf32\.tf32\.f32"));
        Assert.Equal(3, Regex.Count(tf32, @"ldmatrix\.sync\.aligned\.m8n8\.x4\.shared\.b16"));
        Assert.Equal(2, Regex.Count(bfloat16, @"mma\.sync\.aligned\.m16n8k16\.row\.col\.f32\.bf16\.bf16\.f32"));
        Assert.Equal(3, Regex.Count(transposed, @"ldmatrix\.sync\.aligned\.m8n8\.x4\.trans\.shared\.b16"));
        Assert.Equal(3, Regex.Count(tf32, @"cp\.async\.cg\.shared\.global"));
        Assert.Equal(2, Regex.Count(tf32, @"cp\.async\.commit_group"));
        Assert.Matches(@"cp\.async\.wait_group 0;", tf32);
        // References into shared memory are seen as such: cvta on one of them would give a wrong address.
        Assert.DoesNotContain("cvta.to.shared", tf32 + bfloat16 + transposed, StringComparison.Ordinal);
        Ptx(typeof(CopiesAndFunctions));
        Ptx(typeof(Roundings));

        string Ptx(Type kernel) => Assemble(kernel, major, minor);
    }

    [Fact(Timeout = 120_000)]
    public async Task Older_GPUs_copy_through_registers_and_have_no_products()
    {
        await Task.Yield();
        string ptx = Assemble(typeof(CopiesAndFunctions), 7, 5);
        Assert.DoesNotContain("cp.async", ptx, StringComparison.Ordinal);
        Assert.Contains("st.shared.v4.b32", ptx, StringComparison.Ordinal);
        using var context = KernelCompilation.NewContext();
        Assert.ThrowsAny<Exception>(() => KernelCompilation.Ptx(context, typeof(TileProduct<Tf32Tile>), nameof(DeviceEntries.WholeGrid), 32, 7, 5));
    }

    [Fact(Timeout = 120_000)]
    public async Task Copies_and_functions_compile_to_OpenCL()
    {
        await Task.Yield();
        using var context = KernelCompilation.NewContext();
        Assert.Contains("kernel void", KernelCompilation.OpenCl(context, typeof(CopiesAndFunctions), nameof(DeviceEntries.WholeGrid), 32), StringComparison.Ordinal);
    }

    private static string Assemble(Type kernel, int major, int minor)
    {
        using var context = KernelCompilation.NewContext();
        string ptx = KernelCompilation.Ptx(context, kernel, nameof(DeviceEntries.WholeGrid), 32, major, minor);
        if (Ptxas.Path is null) return ptx;
        var (ok, log) = Ptxas.Assemble(ptx, $"sm_{major}{minor}");
        Assert.True(ok, log + ptx);
        Assert.All(StackOrSpill().Matches(log), match => Assert.Equal("0", match.Groups[1].Value));
        return ptx;
    }

    private static float[] Run<TKernel>(uint[] a, uint[] b, Func<ArrayView<UInt4>, ArrayView<UInt4>, ArrayView<float>, TKernel> kernel)
        where TKernel : struct, IGridKernel
    {
        using var device = EmulatedGpu.Open(units: 1, warps: 1);
        using var left = device.Accelerator.Allocate1D(a);
        using var right = device.Accelerator.Allocate1D(b);
        using var result = device.Accelerator.Allocate1D<float>(128);
        device.ForGrid(kernel(Quads(left), Quads(right), result.View), new KernelConfig(1, 32), 32);
        device.Synchronize();
        return result.GetAsArray1D();
    }

    // Every product of two rounded operands is exact in a float or nearly so; what remains is the summation in float.
    private static void Check(float[] c, int terms, Func<int, int, float> a, Func<int, int, float> b)
    {
        for (int row = 0; row < 16; row++)
            for (int column = 0; column < 8; column++)
            {
                double sum = 0, magnitude = 0;
                for (int k = 0; k < terms; k++)
                {
                    double term = (double)a(row, k) * b(k, column);
                    sum += term;
                    magnitude += Math.Abs(term);
                }
                Assert.Equal(sum, c[row * 8 + column], (terms + 1) * Math.Pow(2, -24) * magnitude);
            }
    }

    private static ArrayView<UInt4> Quads(MemoryBuffer1D<uint, Stride1D.Dense> buffer) => buffer.View.BaseView.Cast<UInt4>();

    private static float[] Values(int count, ulong seed)
    {
        var random = new Philox(seed);
        return [.. Enumerable.Range(0, count).Select(i => 2f * random.Uniform((uint)i) - 1f)];
    }

    private static uint[] Pairs(float[] values) =>
        [.. Enumerable.Range(0, values.Length / 2).Select(i => Rounding.BFloat16Pair(values[2 * i], values[2 * i + 1]))];

    private static float Tf32(float value) => BitConverter.UInt32BitsToSingle(Rounding.Tf32(value));

    private static float BFloat16(float value) => BitConverter.UInt32BitsToSingle(Rounding.BFloat16Pair(0f, value));

    [GeneratedRegex(@"(\d+) bytes (?:stack frame|spill stores|spill loads)")]
    private static partial Regex StackOrSpill();
}
