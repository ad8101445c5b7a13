using GpuNets.Training;

namespace GpuNets.Tests.Segmentation;

/// <summary>Sets in files: every layout gives its pairs, and what does not fit is told with its file, pixel and value.</summary>
public sealed class SegmentationDataTests
{
    private static RgbImage Picture(int width, int height, byte value) => new(width, height, [.. Enumerable.Repeat(value, 3 * width * height)]);

    private static LabelMap Mask(int width, int height, params byte[] labels) => new(width, height, [.. Enumerable.Range(0, width * height).Select(i => labels[i % labels.Length])]);

    [Fact(Timeout = 30_000)]
    public async Task Voc_layout()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        foreach (var (id, value) in new[] { ("2007_000032", (byte)10), ("2007_000039", (byte)20), ("2007_000063", (byte)30) })
        {
            // Skia tells what a file holds from its content, not from its name.
            Picture(6, 4, value).Save(temp.File($"JPEGImages/{id}.jpg"));
            Mask(6, 4, 0, 255, (byte)(value / 10)).Save(temp.File($"SegmentationClass/{id}.png"), Palette.Voc);
        }
        Directory.CreateDirectory(temp.File("ImageSets/Segmentation"));
        File.WriteAllText(temp.File("ImageSets/Segmentation/train.txt"), "2007_000063\n2007_000032\n\n");
        var data = PairedImageData.Voc(temp.Path, "train");
        Assert.Equal((2, 21), (data.Count, data.ClassNames.Count));
        var sample = data.Read(0);
        Assert.Equal(("2007_000063", 30), (sample.Name, sample.Image[5, 3].Red));
        Assert.Equal([0, 255, 3, 0, 255, 3], sample.Labels.Labels[..6]);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Read(2));

        File.AppendAllText(temp.File("ImageSets/Segmentation/train.txt"), "2007_000042\n");
        Assert.Contains("2007_000042: there is no file", Assert.Throws<DataFileException>(() => PairedImageData.Voc(temp.Path, "train")).Message, StringComparison.Ordinal);
        File.WriteAllText(temp.File("ImageSets/Segmentation/val.txt"), "\n");
        Assert.Contains("no pictures", Assert.Throws<DataFileException>(() => PairedImageData.Voc(temp.Path, "val")).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => PairedImageData.Voc(temp.Path, "test"));
    }

    [Fact(Timeout = 30_000)]
    public async Task CamVid_layout_and_lists()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        foreach (string name in new[] { "b", "a" })
        {
            Picture(4, 4, (byte)name[0]).Save(temp.File($"train/{name}.png"));
            Mask(4, 4, 0, 10, 11).Save(temp.File($"trainannot/{name}.png"));
        }
        var data = PairedImageData.CamVid(temp.Path, "train");
        Assert.Equal(["a", "b"], Enumerable.Range(0, data.Count).Select(i => data.Read(i).Name));
        Assert.Equal([0, 10, 255, 0], data.Read(0).Labels.Labels[..4]);

        File.WriteAllText(temp.File("list.txt"), "/train/b.png /trainannot/b.png\ntrain/a.png\ttrainannot/a.png\n");
        var list = PairedImageData.List(temp.File("list.txt"), temp.Path, ClassList.CamVid, Palette.CamVid, 11);
        Assert.Equal(["b", "a"], [list.Read(0).Name, list.Read(1).Name]);
        Assert.Equal(data.Read(1).Labels.Labels, list.Read(0).Labels.Labels);
        File.WriteAllText(temp.File("list.txt"), "train/a.png\n");
        Assert.Contains("train/a.png: expected a picture and its mask",
            Assert.Throws<DataFileException>(() => PairedImageData.List(temp.File("list.txt"), temp.Path, ClassList.CamVid)).Message, StringComparison.Ordinal);

        Picture(4, 4, 1).Save(temp.File("train/a.jpg"));
        Assert.Contains("a: 2 pictures would share one mask", Assert.Throws<DataFileException>(() => PairedImageData.CamVid(temp.Path, "train")).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => PairedImageData.CamVid(temp.Path, "val"));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_does_not_fit_is_told_with_file_pixel_and_value()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        string image = temp.File("a.png"), mask = temp.File("m.png");
        Picture(6, 4, 1).Save(image);
        var data = new PairedImageData([(image, mask)], ["x", "y", "z"]);

        Mask(6, 4, 0, 1, 2, 255).Save(mask);
        Assert.Equal(6, data.Read(0).Labels.Labels.Count(label => label == 255));
        Mask(6, 5, 0).Save(mask);
        Assert.Equal($"{mask}: the mask has 6x5 pixels, but its picture a has 6x4", Assert.Throws<DataFileException>(() => data.Read(0)).Message);
        var bad = Mask(6, 4, 0);
        bad[4, 2] = 3;
        bad.Save(mask);
        Assert.Equal($"{mask}: pixel (4, 2): label 3, expected one of the 3 classes 0 to 2, or 255 for void", Assert.Throws<DataFileException>(() => data.Read(0)).Message);
        File.WriteAllBytes(mask, File.ReadAllBytes(mask)[..60]);
        Assert.Contains("truncated", Assert.Throws<DataFileException>(() => data.Read(0)).Message, StringComparison.Ordinal);
        File.Delete(mask);
        Assert.Throws<FileNotFoundException>(() => data.Read(0));
    }

    private static byte[] Idx(int[] shape, Func<int, int> value) =>
        [0, 0, 8, (byte)shape.Length, .. shape.SelectMany(size => BitConverter.GetBytes(size).Reverse()), .. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(i => (byte)value(i))];

    [Fact(Timeout = 30_000)]
    public async Task Idx_files()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        string images = temp.File("i"), labels = temp.File("l");
        File.WriteAllBytes(images, Idx([3, 4, 5, 3], i => i));
        File.WriteAllBytes(labels, Idx([3, 4, 5], i => i % 3));
        var data = new IdxSegmentationData(images, labels, ["x", "y"], Palette.Voc, voidLabel: 2, ["p", "q", "r"]);
        var sample = data.Read(2);
        Assert.Equal(("r", 5, 4), (sample.Name, sample.Image.Width, sample.Image.Height));
        Assert.Equal(new RgbColor(120 + 15 + 6, 120 + 15 + 7, 120 + 15 + 8), sample.Image[2, 1]);
        Assert.Equal(Enumerable.Range(40, 20).Select(i => (byte)(i % 3 == 2 ? 255 : i % 3)), sample.Labels.Labels);
        Assert.Same(sample, data.Read(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Read(3));

        var outOfRange = Assert.Throws<DataFileException>(() => new IdxSegmentationData(images, labels, ["x", "y"], Palette.Voc).Read(1));
        Assert.Equal($"{labels}, mask 1: pixel (0, 0): label 2, expected one of the 2 classes 0 to 1, or 255 for void", outOfRange.Message);
        File.WriteAllBytes(labels, Idx([3, 5, 4], i => 0));
        Assert.Contains("[3, 5, 4], expected [3, 4, 5]", Assert.Throws<DataFileException>(() => new IdxSegmentationData(images, labels, ["x"], Palette.Voc)).Message, StringComparison.Ordinal);
        Assert.Contains("expected [count, height, width, 3]", Assert.Throws<DataFileException>(() => new IdxSegmentationData(labels, labels, ["x"], Palette.Voc)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_cache_reads_once_up_to_its_limit()
    {
        await Task.Yield();
        var data = new SampleData((10, 10), (10, 10), (10, 10));
        var cached = new CachedSegmentationData(data, maxBytes: 850);
        for (int round = 0; round < 3; round++)
            for (int i = 0; i < 3; i++) Assert.Equal($"{i}", cached.Read(i).Name);
        Assert.Equal((800, 2 + 3), (cached.Bytes, data.Reads));
        Assert.Same(cached.Read(0), cached.Read(0));
    }

    [Fact(Timeout = 30_000)]
    public async Task Class_lists_read()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        string file = temp.File("classes.txt");
        File.WriteAllText(file, "0 background\n1 pedestrian crossing\n\n255 void\n");
        Assert.Equal(["background", "pedestrian crossing"], ClassList.Load(file));
        File.WriteAllText(file, "sky\nroad 2\n");
        Assert.Equal(["sky", "road 2"], ClassList.Load(file));
        File.WriteAllText(file, "0 sky\n2 road\n");
        Assert.Contains("2 road: expected label 1", Assert.Throws<DataFileException>(() => ClassList.Load(file)).Message, StringComparison.Ordinal);
        File.WriteAllText(file, "\n");
        Assert.Contains("0 classes", Assert.Throws<DataFileException>(() => ClassList.Load(file)).Message, StringComparison.Ordinal);
    }
}
