using GpuNets.Training;

namespace GpuNets.Tests.Segmentation;

/// <summary>A small data set on disk: noisy pictures of a dark and a bright part, divided by a random line, and their masks.</summary>
internal static class PictureFolder
{
    public const int Width = 40, Height = 24;

    public static void Write(string folder, int pictures)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, "classes.txt"), ["dark", "bright"]);
        foreach (string split in (string[])["train", "val"])
            for (int i = 0; i < pictures; i++) Write(folder, split, i);
    }

    public static string Picture(string folder, string split, int index) => Path.Combine(folder, split, "images", $"{index:000}.png");

    private static void Write(string folder, string split, int index)
    {
        var random = new Philox(7).Fork($"{split} {index}");
        var image = new RgbImage(Width, Height);
        var labels = new LabelMap(Width, Height);
        double angle = 2 * Math.PI * random.UniformDouble(0), x0 = Width / 2.0, y0 = Height / 2.0;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                bool bright = (x - x0) * Math.Cos(angle) + (y - y0) * Math.Sin(angle) > 0;
                byte value = (byte)((bright ? 170 : 60) + random.Below((uint)(y * Width + x + 1), 30));
                image[x, y] = new RgbColor(value, value, (byte)(255 - value));
                labels[x, y] = (byte)(bright ? 1 : 0);
            }
        }
        labels[0, 0] = LabelMap.Void;
        image.Save(Picture(folder, split, index));
        labels.Save(Path.Combine(folder, split, "masks", $"{index:000}.png"), Palette.Voc);
    }
}
