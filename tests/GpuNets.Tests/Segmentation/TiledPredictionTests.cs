using GpuNets.Training;

namespace GpuNets.Tests.Segmentation;

public sealed class TiledPredictionTests
{
    private const int Margin = 5, Stride = 4, Kernel = 2 * Margin + Stride, Classes = 3;

    private static readonly ImageNormalization _scaled = new() { Mean = [90, 100, 110], Scale = [0.01f, 0.02f, 0.015f] };

    private static readonly float[] _weights = [.. Enumerable.Range(0, Classes * 3 * Kernel * Kernel).Select(i => (float)new Philox(9).Normal((uint)i) * 0.1f)];

    private static RgbImage Picture(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(new Philox(4).Bits((uint)i) >> 24))]);

    /// <summary>A network with nothing but its geometry: one convolution with a kernel of two margins and a stride.</summary>
    private static TiledPrediction Network(Device device, int? tile, bool logits = true, int? tileWidth = null) => new(
        device, x => x.Conv2d(device.Tensor(_weights, (Classes, 3, Kernel, Kernel)), stride: Stride),
        new TiledPredictionOptions { TileWidth = tileWidth ?? tile, TileHeight = tile, Geometry = new CellGeometry(Margin, Stride), Normalization = _scaled, Logits = logits });

    /// <summary>The same by the formulas in double precision: mirrored picture, convolution at pixel 4k, softmax.</summary>
    private static double[] Cell(RgbImage image, int row, int column)
    {
        static int Bounce(int index, int size)
        {
            if (size == 1) return 0;
            while (index < 0 || index >= size) index = index < 0 ? -index : 2 * (size - 1) - index;
            return index;
        }
        double[] scores = new double[Classes];
        for (int k = 0; k < Classes; k++)
            for (int c = 0; c < 3; c++)
                for (int i = 0; i < Kernel; i++)
                    for (int j = 0; j < Kernel; j++)
                    {
                        var color = image[Bounce(Stride * column - Margin + j, image.Width), Bounce(Stride * row - Margin + i, image.Height)];
                        double value = c == 0 ? color.Blue : c == 1 ? color.Green : color.Red;
                        scores[k] += _weights[((k * 3 + c) * Kernel + i) * Kernel + j] * (value - _scaled.Mean[c]) * _scaled.Scale[c];
                    }
        double[] shares = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
        return [.. shares.Select(share => share / shares.Sum())];
    }

    [Theory(Timeout = 120_000)]
    [InlineData(61, 45)]
    [InlineData(64, 48)]
    [InlineData(5, 3)]
    [InlineData(1, 1)]
    public async Task Tiles_give_what_one_pass_gives_and_both_what_the_formulas_say(int width, int height)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var image = Picture(width, height);
        var whole = Network(lease.Device, null).Predict(image);
        Assert.Equal(((height + 3) / 4, (width + 3) / 4, Classes), (whole.Probabilities.Rows, whole.Probabilities.Columns, whole.Probabilities.Classes));
        var cells = whole.Probabilities;
        for (int i = 0; i < cells.Rows; i++)
            for (int j = 0; j < cells.Columns; j++)
            {
                double[] expected = Cell(image, i, j);
                for (int k = 0; k < Classes; k++) Assert.Equal(expected[k], cells.Values[(k * cells.Rows + i) * cells.Columns + j], 1e-4);
            }
        foreach (int? tile in new int?[] { 14, 26, 38, 1010 })
        {
            var tiled = Network(lease.Device, tile, tileWidth: tile + 8).Predict(image);
            Assert.Equal(cells.Values.Length, tiled.Probabilities.Values.Length);
            for (int i = 0; i < cells.Values.Length; i++) Assert.Equal(cells.Values[i], tiled.Probabilities.Values[i], 2e-5);
            Assert.Equal((width, height), (tiled.Labels.Width, tiled.Labels.Height));
            // Classes may differ only where two are as good as equal.
            float[] pixels = cells.Upsample(width, height);
            for (int p = 0; p < width * height; p++)
                Assert.Equal(pixels[whole.Labels.Labels[p] * width * height + p], pixels[tiled.Labels.Labels[p] * width * height + p], 1e-4);
        }
    }

    public static TheoryData<int, int, int, int, int> Grids => new() { { 6, 4, 8, 41, 27 }, { 6, 4, 8, 48, 32 }, { 1, 1, 8, 3, 7 }, { 3, 5, 1, 3, 5 }, { 4, 2, 3, 20, 9 } };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Grids))]
    public async Task Interpolation_is_that_of_the_device_with_cell_k_on_pixel_stride_k(int columns, int rows, int stride, int width, int height)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var random = new Philox(8);
        var map = new CellMap(4, rows, columns, stride, [.. Enumerable.Range(0, 4 * rows * columns).Select(i => random.Uniform((uint)i))]);
        // Corners stay in place when the last cell is repeated once: then cell k lies on pixel stride k.
        var device = lease.Device.Tensor(map.Values, (1, 4, rows, columns)).Pad([(0, 0), (0, 0), (0, 4), (0, 4)], PadMode.Replicate)
            .Resize([(rows + 3) * stride + 1, (columns + 3) * stride + 1], alignCorners: true).Slice(2, 0, height).Slice(3, 0, width);
        float[] expected = device.ToArray(), actual = map.Upsample(width, height);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5);
        var labels = map.ArgMax(width, height);
        for (int p = 0; p < width * height; p++)
            Assert.Equal(Enumerable.Range(0, 4).MaxBy(k => actual[k * width * height + p]), labels.Labels[p]);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns && j * stride < width && i * stride < height; j++)
                Assert.Equal(map.Values[i * columns + j], actual[i * stride * width + j * stride]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Maps_are_saved_and_sizes_checked()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        new CellMap(2, 1, 3, 8, [1, 2, 3, 4, 5, 6]).Save(temp.File("a.safetensors"));
        var state = StateDict.Load(temp.File("a.safetensors"));
        Assert.Equal([2L, 1, 3], state["values"].Shape.AsEnumerable());
        Assert.Equal([1, 2, 3, 4, 5, 6], state["values"].ToFloats());
        Assert.Equal(8, state["stride"].ToInt32()[0]);
        Assert.Contains("2x3 cells", Assert.Throws<ArgumentException>(() => new CellMap(2, 2, 3, 8, new float[6])).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Probabilities_of_the_network_are_taken_as_they_are()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var image = Picture(30, 20);
        var raw = Network(lease.Device, null, logits: false).Cells(image).Values;
        Assert.Contains(raw, value => value is < 0 or > 1);
        using (var scope = lease.Device.Scope())
        {
            float[] softmax = lease.Device.Tensor(raw, (1, Classes, 5, 8)).Softmax(1).ToArray();
            float[] expected = Network(lease.Device, null).Cells(image).Values;
            for (int i = 0; i < softmax.Length; i++) Assert.Equal(expected[i], softmax[i], 1e-6);
        }
        Assert.Equal(0, lease.Device.Memory.LiveBlocks);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_network_of_another_geometry_is_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        var options = new TiledPredictionOptions { TileWidth = 26, TileHeight = 26, Geometry = new CellGeometry(Margin, Stride) };
        var error = Assert.Throws<ShapeException>(() => new TiledPrediction(device, x => x, options).Predict(Picture(50, 50)));
        Assert.Equal("TiledPrediction: the network maps [1, 3, 26, 26] to [1, 3, 26, 26]; margin 5 and stride 4 need [1, classes, 4, 4].", error.Message);
        Assert.Throws<ArgumentException>(() => new TiledPrediction(device, x => x, options with { TileWidth = 27 }));
        Assert.Equal((66, 91), (TiledPredictionOptions.CamVid.Geometry.Cells(900), TiledPredictionOptions.CamVid.Geometry.Cells(1100)));
        _ = new TiledPrediction(device, x => x, TiledPredictionOptions.Voc);
        _ = new TiledPrediction(device, x => x, TiledPredictionOptions.Cityscapes);
    }
}
