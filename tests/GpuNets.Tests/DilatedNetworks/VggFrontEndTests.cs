using GpuNets.Models;

namespace GpuNets.Tests.DilatedNetworks;

/// <summary>The front end: where its cells lie, its variants, its size.</summary>
public sealed class VggFrontEndTests
{
    private static readonly VggFrontEndOptions s_thin = new() { Classes = 2, Width = 1.0 / 64, HiddenWidth = 3 };

    [Theory(Timeout = 60_000)]
    [InlineData(500, 16)]
    [InlineData(628, 32)]
    [InlineData(852, 60)]
    [InlineData(900, 66)]
    [InlineData(1100, 91)]
    [InlineData(1396, 128)]
    [InlineData(1640, 159)]
    [InlineData(380, 1)]
    public async Task Geometry_is_that_of_the_released_networks(int size, int cells)
    {
        await Task.Yield();
        var geometry = new VggFrontEndOptions().Geometry;
        Assert.Equal((8, 186, 380), (geometry.Stride, geometry.Margin, geometry.ReceptiveField));
        Assert.Equal(cells, geometry.OutputSize(size));
        if ((size - 372) % 8 == 0) Assert.Equal(size, geometry.InputSize(cells));
        Assert.Equal((size - 372 + 7) / 8, cells);
    }

    [Fact(Timeout = 60_000)]
    public async Task Variants_have_their_geometry()
    {
        await Task.Yield();
        var options = new VggFrontEndOptions();
        var strided = (options with { Pooling = VggPooling.Strided }).Geometry;
        Assert.Equal((32, 186, 404), (strided.Stride, strided.Margin, strided.ReceptiveField));
        Assert.Equal(4, strided.OutputSize(372 + 4 * 32));
        var dense = (options with { Pooling = VggPooling.Dense }).Geometry;
        Assert.Equal((8, 198, 404), (dense.Stride, dense.Margin, dense.ReceptiveField));
        Assert.Equal(16, dense.OutputSize(396 + 16 * 8));
        foreach (var pooling in Enum.GetValues<VggPooling>())
        {
            var padded = (options with { Pooling = pooling, InnerPadding = true }).Geometry;
            Assert.Equal(0, padded.Margin);
            Assert.Equal(7, padded.OutputSize(7 * padded.Stride));
            Assert.Equal(8, padded.OutputSize(7 * padded.Stride + 1));
        }
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => options.Geometry.OutputSize(372)).Message;
        Assert.Contains("372 pixels", message, StringComparison.Ordinal);
        Assert.Contains("373 are needed", message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 300_000)]
    [InlineData(VggPooling.Removed, false, 380, 397)]
    [InlineData(VggPooling.Dense, false, 404, 421)]
    [InlineData(VggPooling.Strided, false, 404, 437)]
    [InlineData(VggPooling.Removed, true, 16, 25)]
    [InlineData(VggPooling.Dense, true, 24, 17)]
    [InlineData(VggPooling.Strided, true, 32, 65)]
    public async Task The_network_has_the_shape_that_its_geometry_tells(VggPooling pooling, bool padded, int height, int width)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var front = new VggFrontEnd(new Vars(device, 1), s_thin with { Pooling = pooling, InnerPadding = padded });
        using var scope = device.Scope();
        var y = front.Forward(device.RandomNormal([2, 3, height, width], new Philox(1)));
        Assert.Equal(new Shape(2, 2, front.Geometry.OutputSize(height), front.Geometry.OutputSize(width)), y.Shape);
        Assert.Equal(front.Options.ParameterCount, front.ParameterCount);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_cell_sees_380_pixels_and_the_next_begins_8_later()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var front = Positive(device, s_thin);
        int size = front.Geometry.InputSize(2);
        Assert.Equal(388, size);
        using var scope = device.Scope();
        float[] plain = Run(_ => 1f);
        foreach (int line in (int[])[0, 7, 8, 200, 379, 380, 387])
        {
            // Cells (0, 0), (0, 1), (1, 0), (1, 1): rows by the vertical stripe's rows, columns by its columns.
            float[] columns = Run(i => i % size == line ? 50f : 1f), rows = Run(i => i / size % size == line ? 50f : 1f);
            bool first = line < 380, second = line >= 8;
            Assert.Equal([first, second, first, second], Changed(columns));
            Assert.Equal([first, first, second, second], Changed(rows));
        }

        float[] Run(Func<int, float> pixel) =>
            front.Forward(device.Tensor([.. Enumerable.Range(0, 3 * size * size).Select(pixel)], (1, 3, size, size))).ToArray()[..4];
        bool[] Changed(float[] cells) => [.. cells.Zip(plain).Select(pair => pair.First != pair.Second)];
    }

    [Fact(Timeout = 300_000)]
    public async Task Dense_pooling_is_the_strided_network_at_every_cell()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var options = s_thin with { Width = 1.0 / 32 };
        var dense = Positive(device, options with { Pooling = VggPooling.Dense });
        var strided = Positive(device, options with { Pooling = VggPooling.Strided });
        // 436 pixels: no pooling rounds, and both networks begin at the first pixel.
        using var scope = device.Scope();
        var x = device.RandomNormal([1, 3, 436, 436], new Philox(2));
        var all = dense.Forward(x);
        var some = strided.Forward(x);
        Assert.Equal((5, 2), (all.Shape[3], some.Shape[3]));
        float[] expected = all.Slice(2, 0, null, 4).Slice(3, 0, null, 4).ToArray(), actual = some.ToArray();
        Assert.True(expected.Distinct().Count() > 4);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f * Math.Abs(expected[i]));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_whole_network_has_134_million_parameters()
    {
        await Task.Yield();
        Assert.Equal(134_346_581, new VggFrontEndOptions().ParameterCount);
        // VGG-16 itself, 1000 classes.
        Assert.Equal(138_357_544, new VggFrontEndOptions { Classes = 1000 }.ParameterCount);
        Assert.Equal(134_260_544 + 11 * 4097, new VggFrontEndOptions { Classes = 11, Pooling = VggPooling.Strided }.ParameterCount);
    }

    [Fact(Timeout = 300_000)]
    public async Task Drops_out_on_a_tape_alone()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var front = Positive(device, s_thin with { InnerPadding = true, HiddenWidth = 64 });
        float[] x = [.. Enumerable.Range(0, 3 * 16 * 16).Select(i => 1 + 0.1f * (i % 7))];
        using var scope = device.Scope();
        float[] plain = front.Forward(device.Tensor(x, (1, 3, 16, 16))).ToArray();
        Assert.Equal(plain, front.Forward(device.Tensor(x, (1, 3, 16, 16))).ToArray());
        float[] dropped, again;
        using (device.Record()) (dropped, again) = (front.Forward(device.Tensor(x, (1, 3, 16, 16))).ToArray(), front.Forward(device.Tensor(x, (1, 3, 16, 16))).ToArray());
        Assert.NotEqual(plain, dropped);
        Assert.NotEqual(again, dropped);
    }

    [Fact(Timeout = 60_000)]
    public async Task Settings_and_images_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (var (wrong, says) in new (VggFrontEndOptions, string)[]
        {
            (s_thin with { Classes = 0 }, "Classes is 0"), (s_thin with { Width = 0 }, "Width is 0"), (s_thin with { HiddenWidth = 0 }, "HiddenWidth is 0"),
            (s_thin with { Dropout = 1 }, "Dropout is 1"), (s_thin with { Pooling = (VggPooling)7 }, "Pooling"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => new VggFrontEnd(new Vars(device), wrong)).Message, StringComparison.Ordinal);
        }
        var front = new VggFrontEnd(new Vars(device), s_thin);
        using var scope = device.Scope();
        foreach (var (shape, says) in new (Shape, string)[] { ((1, 4, 400, 400), "[N, 3, height, width]"), ((3, 400, 400), "[N, 3, height, width]"), ((1, 3, 400, 372), "margins of 186") })
            Assert.Contains(says, Assert.Throws<ShapeException>(() => front.Forward(device.Tensor(new float[shape.Count], shape))).Message, StringComparison.Ordinal);
        // The smallest images of each variant work, those one pixel smaller are refused.
        foreach (var pooling in Enum.GetValues<VggPooling>())
        {
            foreach (bool padded in (bool[])[false, true])
            {
                var variant = new VggFrontEnd(new Vars(device), s_thin with { Pooling = pooling, InnerPadding = padded });
                int least = variant.Geometry.SmallestInput;
                Assert.Equal(padded ? (variant.Geometry.Stride / 2) + 1 : pooling == VggPooling.Dense ? 397 : 373, least);
                Assert.Equal(new Shape(1, 2, 1, 1), variant.Forward(device.Tensor(new float[3 * least * least], (1, 3, least, least))).Shape);
                Assert.Throws<ShapeException>(() => variant.Forward(device.Tensor(new float[3 * least * (least - 1)], (1, 3, least, least - 1))));
            }
        }
    }

    /// <summary>All weights positive: nothing is cut off, and a change is seen wherever it is within reach.</summary>
    private static VggFrontEnd Positive(Device device, VggFrontEndOptions options)
    {
        var front = new VggFrontEnd(new Vars(device, 1), options);
        foreach (var parameter in front.Parameters.Where(p => p.Shape.Rank == 4))
        {
            float fan = parameter.Shape.Product(1, 4);
            parameter.Assign([.. parameter.ToArray().Select((_, i) => (1 + 0.5f * new Philox(8).Uniform((uint)i)) / fan)]);
        }
        return front;
    }
}
