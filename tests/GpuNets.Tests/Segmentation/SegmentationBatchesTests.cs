using GpuNets.Training;

namespace GpuNets.Tests.Segmentation;

public sealed class SegmentationBatchesTests
{
    private static readonly ImageNormalization _raw = new() { Bgr = false, Mean = [0, 0, 0] };

    private static SegmentationBatchOptions Options(int size, int crop, CellGeometry geometry) =>
        new() { Size = size, CropWidth = crop, CropHeight = crop, Geometry = geometry, Normalization = _raw };

    /// <summary>Where an index lies when a row is mirrored at its last pixels, step by step.</summary>
    private static int Bounce(int index, int size)
    {
        while (index < 0 || index >= size) index = index < 0 ? -index : 2 * (size - 1) - index;
        return index;
    }

    public static TheoryData<int, int, int> Geometries => new() { { 6, 8, 36 }, { 0, 1, 16 }, { 0, 8, 24 }, { 9, 2, 26 }, { 3, 4, 94 } };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Geometries))]
    public async Task Crops_are_reflected_windows_and_labels_those_of_their_pixels(int margin, int stride, int crop)
    {
        await Task.Yield();
        var sizes = new[] { (40, 30), (25, 50), (20, 20), (9, 33) };
        var batches = new SegmentationBatches(new SampleData(sizes), Options(8, crop, new CellGeometry(margin, stride)), seed: 3);
        int cells = (crop - 2 * margin) / stride, flips = 0, inside = 0;
        var lefts = new HashSet<int>();
        for (int index = 0; index < 12; index++)
        {
            var batch = batches.Get(index);
            Assert.Equal(((Shape)(8, 3, crop, crop), (Shape)(8, cells, cells)), (batch.ImageShape, batch.LabelShape));
            for (int b = 0; b < 8; b++)
            {
                int plane = crop * crop, picture = batch.Samples[b];
                var (width, height) = sizes[picture];
                var image = batch.Images.AsSpan(3 * b * plane, 3 * plane).ToArray();
                int Red(int x, int y) => (int)image[y * crop + x];
                int Green(int x, int y) => (int)image[plane + y * crop + x];
                Assert.All(image[(2 * plane)..], blue => Assert.Equal(picture, blue));
                // All places that a crop may have, either way round: exactly those that explain its pixels.
                int room = width + 2 * margin - crop, drop = height + 2 * margin - crop;
                var places =
                    (from left in Enumerable.Range(Math.Min(room, 0) - margin, Math.Abs(room) + 1)
                     from flipped in new[] { false, true }
                     where Enumerable.Range(0, crop).All(x => Red(x, 0) == Bounce(left + (flipped ? crop - 1 - x : x), width))
                     select (left, flipped)).ToList();
                var tops = Enumerable.Range(Math.Min(drop, 0) - margin, Math.Abs(drop) + 1)
                    .Where(top => Enumerable.Range(0, crop).All(y => Green(0, y) == Bounce(top + y, height))).ToList();
                Assert.NotEmpty(places);
                Assert.NotEmpty(tops);
                for (int y = 0; y < crop; y++)
                    for (int x = 0; x < crop; x++) Assert.Equal((Red(x, 0), Green(0, y)), (Red(x, y), Green(x, y)));
                // More than one place only where the reflection repeats itself; the labels then tell which.
                Assert.Contains(true, from place in places
                                      from top in tops
                                      select Enumerable.Range(0, cells * cells).All(cell =>
                {
                    int x = margin + stride * (cell % cells), y = top + margin + stride * (cell / cells);
                    x = place.left + (place.flipped ? crop - 1 - x : x);
                    int expected = x < 0 || x >= width || y < 0 || y >= height ? LabelMap.Void : SampleData.Label(x, y, picture);
                    return batch.Labels[b * cells * cells + cell] == expected;
                }));
                if (places is not [var only]) continue;
                if (only.flipped) flips++;
                lefts.Add(only.left);
                inside++;
            }
        }
        Assert.InRange(flips, inside / 4, 3 * inside / 4);
        Assert.True(lefts.Count > 5, $"{lefts.Count} places");
    }

    [Fact(Timeout = 30_000)]
    public async Task Every_picture_occurs_once_an_epoch_in_another_order()
    {
        await Task.Yield();
        var data = new SampleData([.. Enumerable.Repeat((12, 12), 10)]);
        var batches = new SegmentationBatches(data, Options(4, 8, CellGeometry.FullResolution), seed: 1);
        int[] drawn = [.. Enumerable.Range(0, 10).SelectMany(i => batches.Get(i).Samples)];
        Assert.Equal(2.5, batches.BatchesPerEpoch);
        Assert.All(drawn.Chunk(10), epoch => Assert.Equal(Enumerable.Range(0, 10), epoch.Order()));
        Assert.Equal(4, drawn.Chunk(10).Select(epoch => string.Join(",", epoch)).Distinct().Count());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_batch_is_a_function_of_seed_and_number()
    {
        await Task.Yield();
        var data = new SampleData((30, 20), (25, 40), (33, 33), (10, 50), (64, 12));
        var options = Options(3, 28, new CellGeometry(6, 8));
        var one = new SegmentationBatches(data, options with { Workers = 1 }, seed: 5);
        var many = new SegmentationBatches(data, options with { Workers = 4 }, seed: 5);
        var other = new SegmentationBatches(data, options, seed: 6);
        using var prefetcher = new Prefetcher<SegmentationBatch>(many.Get, start: 3);
        foreach (int index in new[] { 3, 4, 0, 11, 5 })
        {
            var (expected, actual) = (one.Get(index), prefetcher.Get(index));
            Assert.Equal(expected.Images, actual.Images);
            Assert.Equal(expected.Labels, actual.Labels);
            Assert.Equal(expected.Samples, actual.Samples);
            Assert.NotEqual(expected.Images, other.Get(index).Images);
        }
        var centred = new SegmentationBatches(data, options with { RandomCrop = false, Mirror = false }, seed: 5).Get(0);
        int first = centred.Samples[0], width = data.Read(first).Image.Width;
        Assert.Equal(Bounce((width + 12 - 28) / 2 - 6, width), (int)centred.Images[0]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Values_are_normalised_in_the_networks_order()
    {
        await Task.Yield();
        var data = new SampleData((4, 4));
        var options = Options(1, 4, CellGeometry.FullResolution) with { Mirror = false };
        float[] Images(ImageNormalization normalization) => new SegmentationBatches(data, options with { Normalization = normalization }, 1).Get(0).Images;
        // Pixel (3, 2) is red 3, green 2, blue 0.
        float[] bgr = Images(new ImageNormalization { Mean = [10, 20, 30], Scale = [1, 1, 0.5f] });
        Assert.Equal([0f - 10, 2f - 20, (3f - 30) / 2], [bgr[11], bgr[16 + 11], bgr[32 + 11]]);
        float[] rgb = Images(ImageNormalization.TorchVision);
        Assert.Equal((3 / 255.0 - 0.485) / 0.229, rgb[11], 5);
        Assert.Equal((0 / 255.0 - 0.406) / 0.225, rgb[32 + 11], 5);
        Assert.Equal([102.93f, 111.36f, 116.52f], ImageNormalization.Voc.Mean);
    }

    [Fact(Timeout = 30_000)]
    public async Task Whole_pictures_are_padded_to_whole_cells()
    {
        await Task.Yield();
        var data = new SampleData((21, 13), (24, 16), (30, 13));
        var batches = new SegmentationBatches(data, Options(1, 28, new CellGeometry(6, 8)), seed: 1);
        var batch = batches.Whole(1, 0);
        Assert.Equal(((Shape)(2, 3, 28, 36), (Shape)(2, 2, 3)), (batch.ImageShape, batch.LabelShape));
        Assert.Equal([SampleData.Label(0, 0, 0), SampleData.Label(8, 0, 0), SampleData.Label(16, 0, 0), SampleData.Label(0, 8, 0)], batch.Labels[6..10].Select(l => (byte)l));
        Assert.Equal(Enumerable.Range(-6, 36).Select(x => (float)Bounce(x, 21)), batch.Images.AsSpan(3 * 28 * 36, 36).ToArray());
        Assert.Contains("2 has 30x13", Assert.Throws<ArgumentException>(() => batches.Whole(0, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => batches.Whole());
    }

    [Fact(Timeout = 30_000)]
    public async Task Memory_of_disposed_batches_serves_the_next()
    {
        await Task.Yield();
        var data = new SampleData((30, 20), (25, 40), (12, 9));
        var batches = new SegmentationBatches(data, Options(2, 28, new CellGeometry(6, 8)), seed: 5);
        var fresh = new SegmentationBatches(data, Options(2, 28, new CellGeometry(6, 8)), seed: 5);
        var first = batches.Get(0);
        var (images, labels) = (first.Images, first.Labels);
        first.Dispose();
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Images);
        Array.Fill(images, float.NaN);
        Array.Fill(labels, -1);
        var second = batches.Get(1);
        Assert.Same(images, second.Images);
        Assert.Equal(fresh.Get(1).Images, second.Images);
        Assert.Equal(fresh.Get(1).Labels, second.Labels);
        Assert.NotSame(images, batches.Get(2).Images);
        // A batch of another size takes nothing of the wrong length.
        second.Dispose();
        Assert.Equal(batches.Whole(0).ImageShape.Count, batches.Whole(0).Images.Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task Batches_upload_with_void_as_the_ignored_label()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var batch = new SegmentationBatches(new SampleData((30, 20)), Options(2, 28, new CellGeometry(6, 8)), seed: 1).Get(0);
        var (images, labels) = batch.Upload(lease.Device);
        Assert.Equal(batch.Images, images.ToArray());
        Assert.Equal(batch.Labels, labels.ToArray());
        Assert.Equal(batch.LabelShape, labels.Shape);
    }

    [Fact(Timeout = 30_000)]
    public async Task Options_that_do_not_fit_are_refused()
    {
        await Task.Yield();
        var data = new SampleData((20, 20));
        void Refused<T>(SegmentationBatchOptions options, string expected) where T : Exception =>
            Assert.Contains(expected, Assert.ThrowsAny<T>(() => new SegmentationBatches(data, options, 1)).Message, StringComparison.Ordinal);
        var good = new SegmentationBatchOptions();
        Assert.Equal((16, 32, 60, 66, 128), (good.Geometry.Cells(500), good.Geometry.Cells(628), good.Geometry.Cells(852), good.Geometry.Cells(900), good.Geometry.Cells(1396)));
        Refused<ArgumentException>(good with { CropWidth = 501 }, "501 pixels has 129 between margins of 186; that must be a positive multiple of the stride 8");
        Refused<ArgumentException>(good with { CropHeight = 372 }, "372 pixels has 0");
        Refused<ArgumentException>(good with { Size = 0 }, "Size");
        Refused<ArgumentException>(good with { Geometry = new CellGeometry(-1, 8) }, "margin -1");
        Refused<ArgumentException>(good with { Normalization = new() { Mean = [1, 2] } }, "three finite numbers");
        Assert.Throws<ArgumentException>(() => new SegmentationBatches(new SampleData(), good, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentationBatches(data, good, 1).Get(-1));
    }
}
