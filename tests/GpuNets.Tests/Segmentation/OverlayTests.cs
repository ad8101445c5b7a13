using GpuNets.Training;

namespace GpuNets.Tests.Segmentation;

public sealed class OverlayTests
{
    [Fact(Timeout = 30_000)]
    public async Task Classes_are_mixed_in_and_void_stays()
    {
        await Task.Yield();
        var image = new RgbImage(4, 1, [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100]);
        var labels = new LabelMap(4, 1, [1, 1, 255, 0]);
        var drawn = new Overlay { Opacity = 0.25f, Outlines = false }.Draw(image, labels, Palette.Voc);
        Assert.Equal([107, 75, 75, 107, 75, 75, 100, 100, 100, 75, 75, 75], drawn.Pixels);
        Assert.All(image.Pixels, value => Assert.Equal(100, value));
        var outlined = new Overlay { Opacity = 1, Clear = 0 }.Draw(image, labels, Palette.Voc);
        Assert.Equal([128, 0, 0, 255, 255, 255, 100, 100, 100, 100, 100, 100], outlined.Pixels);

        Assert.Throws<ArgumentException>(() => new Overlay().Draw(image, new LabelMap(2, 2), Palette.Voc));
        Assert.Throws<ArgumentException>(() => new Overlay { Opacity = 1.5f }.Draw(image, labels, Palette.Voc));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Overlay().Draw(image, new LabelMap(4, 1, [0, 20, 0, 0]), Palette.CamVid));
    }

    [Fact(Timeout = 30_000)]
    public async Task Lines_go_all_the_way_round_what_stands_before_a_clear_class()
    {
        await Task.Yield();
        var labels = new LabelMap(5, 5);
        for (int y = 1; y < 4; y++)
            for (int x = 1; x < 4; x++) labels[x, y] = 1;
        var drawn = new Overlay { Opacity = 1, Clear = 0 }.Draw(new RgbImage(5, 5), labels, Palette.Voc);
        for (int y = 0; y < 5; y++)
            for (int x = 0; x < 5; x++)
                Assert.Equal(labels[x, y] == 0 ? default : (x, y) == (2, 2) ? Palette.Voc[1] : new RgbColor(255, 255, 255), drawn[x, y]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Sizes_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        foreach (var (width, height) in new[] { (-1, 5), (5, 0), (int.MaxValue, int.MaxValue), (70_000, 70_000) })
        {
            Assert.Throws<ArgumentException>(() => new RgbImage(width, height));
            Assert.Throws<ArgumentException>(() => new LabelMap(width, height));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Sheets_show_pictures_and_the_classes_that_occur()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var image = new RgbImage(40, 20, [.. Enumerable.Repeat((byte)200, 2400)]);
        var labels = new LabelMap(40, 20, [.. Enumerable.Repeat((byte)15, 800)]);
        var sheet = new SegmentationSheet(ClassList.Voc, Palette.Voc) { Title = "Samples", PictureWidth = 80, Overlay = new Overlay { Opacity = 1 } };
        sheet.Save(temp.File("out/sheet.png"), new SegmentationSheetRow("street", image, labels, new LabelMap(40, 20)));
        var shown = RgbImage.Load(temp.File("out/sheet.png"));
        // Three pictures of 80x40 with gaps of 12 below a heading of 28 and a caption of 22; then a line of legend.
        Assert.Equal((12 + 3 * 92, 12 + 28 + 22 + 40 + 12 + 22 + 12), (shown.Width, shown.Height));
        const int middle = 12 + 28 + 22 + 20;
        Assert.Equal([new(200, 200, 200), Palette.Voc[15], Palette.Voc[0]], [shown[12 + 40, middle], shown[104 + 40, middle], shown[196 + 40, middle]]);
        const int legend = 12 + 28 + 22 + 40 + 12 + 8;
        Assert.Equal(Palette.Voc[0], shown[20, legend]);
        Assert.Contains(Enumerable.Range(40, 200), x => shown[x, legend] == Palette.Voc[15]);
        Assert.DoesNotContain(Enumerable.Range(0, shown.Width), x => shown[x, legend] == Palette.Voc[1]);
        Assert.True(Enumerable.Range(12, 80).Count(x => Enumerable.Range(12, 18).Any(y => shown[x, y].Red < 100)) > 20, "the heading");
        Assert.Throws<ArgumentException>(() => sheet.Save(temp.File("x.png")));
    }
}
