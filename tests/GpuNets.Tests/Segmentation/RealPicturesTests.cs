using GpuNets.Training;

namespace GpuNets.Tests.Segmentation;

/// <summary>Pascal VOC's and CamVid's own files, where they are at hand.</summary>
public sealed class RealPicturesTests
{
    [Fact(Timeout = 120_000)]
    public async Task VOC_files_read_as_they_were_repacked()
    {
        await Task.Yield();
        string folder = TestData.Folder("voc12_animals_160");
        var sets = new[] { "train", "val" }.Select(split => IdxSegmentationData.Voc(folder, split)).ToArray();
        Assert.Equal([320, 120], sets.Select(set => set.Count));
        var packed = sets.SelectMany(set => Enumerable.Range(0, set.Count).Select(set.Read)).ToDictionary(sample => sample.Name);
        var originals = new PairedImageData(
            Directory.EnumerateFiles(Path.Combine(folder, "original_samples"), "*.jpg").Order().Select(file => (file, Path.ChangeExtension(file, ".png"))), ClassList.Voc);
        Assert.Equal(10, originals.Count);
        for (int i = 0; i < originals.Count; i++)
        {
            var large = originals.Read(i);
            var small = packed[large.Name];
            Assert.Contains(LabelMap.Void, large.Labels.Labels);
            // Scaled so that the longer side is 160, in the middle of a square.
            double scale = Math.Max(large.Image.Width, large.Image.Height) / 160.0;
            int width = (int)Math.Round(large.Image.Width / scale), height = (int)Math.Round(large.Image.Height / scale);
            int left = (160 - width) / 2, top = (160 - height) / 2, equal = 0, total = 0;
            double difference = 0;
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++, total++)
                {
                    int fromX = Math.Min((int)((x + 0.5) * large.Image.Width / width), large.Image.Width - 1), fromY = Math.Min((int)((y + 0.5) * large.Image.Height / height), large.Image.Height - 1);
                    if (small.Labels[left + x, top + y] == large.Labels[fromX, fromY]) equal++;
                    difference += small.Image[left + x, top + y].Red - large.Image[fromX, fromY].Red;
                }
            Assert.True(equal > 0.97 * total, $"{large.Name}: {equal} of {total} labels");
            Assert.InRange(difference / total, -1, 1);
            // A palette picture: its indices, shown in VOC's colours, are what a viewer shows.
            string mask = Path.Combine(folder, "original_samples", $"{large.Name}.png");
            Assert.Equal(RgbImage.Load(mask).Pixels, Palette.Voc.Paint(large.Labels).Pixels);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task CamVid_files_read_as_they_were_repacked()
    {
        await Task.Yield();
        string folder = TestData.Folder("camvid_180x240"), originals = Path.Combine(folder, "original_360x480_samples");
        var sets = new[] { "train", "val" }.Select(split => IdxSegmentationData.CamVid(folder, split)).ToArray();
        Assert.Equal([367, 101], sets.Select(set => set.Count));
        var packed = sets.SelectMany(set => Enumerable.Range(0, set.Count).Select(set.Read)).ToDictionary(sample => sample.Name);
        string[] names = [.. Directory.EnumerateFiles(originals, "*.png").Where(file => packed.ContainsKey(Path.GetFileName(file)))];
        Assert.Equal(3, names.Length);
        foreach (string file in names)
        {
            var small = packed[Path.GetFileName(file)];
            var image = RgbImage.Load(file);
            var labels = LabelMap.Load(file.Replace(".png", "_labels.png", StringComparison.Ordinal));
            Assert.Equal((480, 360, 480, 360), (image.Width, image.Height, labels.Width, labels.Height));
            for (int y = 0; y < 180; y++)
                for (int x = 0; x < 240; x++)
                {
                    // Images are averages of 2x2 pixels, rounded up along rows and again along columns; labels are one of the four.
                    for (int c = 0; c < 3; c++)
                    {
                        int Value(int i, int j) => image.Pixels[3 * ((2 * y + i) * 480 + 2 * x + j) + c];
                        int upper = (Value(0, 0) + Value(0, 1) + 1) / 2, lower = (Value(1, 0) + Value(1, 1) + 1) / 2;
                        Assert.Equal((upper + lower + 1) / 2, small.Image.Pixels[3 * (y * 240 + x) + c]);
                    }
                    byte[] four = [labels[2 * x, 2 * y], labels[2 * x + 1, 2 * y], labels[2 * x, 2 * y + 1], labels[2 * x + 1, 2 * y + 1]];
                    Assert.Contains(small.Labels[x, y] == LabelMap.Void ? (byte)11 : small.Labels[x, y], four);
                }
        }
    }
}
