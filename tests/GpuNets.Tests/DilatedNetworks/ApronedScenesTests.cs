using GpuNets.Models;

namespace GpuNets.Tests.DilatedNetworks;

/// <summary>The scenes are what their description says, and the same for the same seed.</summary>
public sealed class ApronedScenesTests
{
    [Fact(Timeout = 60_000)]
    public async Task Objects_lie_in_aprons_on_plain_ground()
    {
        await Task.Yield();
        var images = new ApronedScenes().Generate(200, 3, "train");
        int size = images.Size;
        Assert.Equal((48, 200), (size, images.Count));
        int[] pixels = new int[5];
        for (int i = 0; i < images.Count; i++)
        {
            var labels = images.Labels(i).ToArray();
            foreach (int label in labels) pixels[label]++;
            for (int p = 0; p < labels.Length; p++)
            {
                if (labels[p] is not (2 or 3)) continue;
                // Six pixels and more of apron on every side: what sees 5 x 5 pixels sees no ground.
                for (int dy = -6; dy <= 6; dy++)
                    for (int dx = -6; dx <= 6; dx++) Assert.True(labels[(p / size + dy) * size + p % size + dx] is 4 || labels[(p / size + dy) * size + p % size + dx] == labels[p]);
                // The ground at the end of each line of sight is that of the object's class.
                foreach (int step in (int[])[1, -1, size, -size])
                {
                    int ground = p;
                    while (labels[ground] > 1) ground += step;
                    for (int band = 0; band < 3; band++) Assert.Equal(labels[p] - 2, labels[ground + band * step]);
                }
            }
        }
        Assert.All(pixels, count => Assert.True(count > 2000));
        // Both kinds are about as common.
        Assert.InRange((double)pixels[2] / pixels[3], 0.6, 1.6);
    }

    [Fact(Timeout = 60_000)]
    public async Task Colours_have_their_means_and_noise()
    {
        await Task.Yield();
        var images = new ApronedScenes().Generate(100, 3, "train");
        int area = images.Size * images.Size;
        double[][] means = [[1, 0, 0], [0, 1, 0], [0.3, 0.3, 1], [0.3, 0.3, 1], [0.3, 0.3, 0]];
        for (int label = 0; label < 5; label++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                double sum = 0, squares = 0;
                long count = 0;
                for (int i = 0; i < images.Count; i++)
                {
                    for (int p = 0; p < area; p++)
                    {
                        if (images.Labels(i)[p] != label) continue;
                        double difference = images.Colours(i)[channel * area + p] - means[label][channel];
                        (sum, squares, count) = (sum + difference, squares + difference * difference, count + 1);
                    }
                }
                Assert.InRange(sum / count, -5 * 0.25 / Math.Sqrt(count), 5 * 0.25 / Math.Sqrt(count));
                Assert.Equal(0.25, Math.Sqrt(squares / count), 0.25 * 5 / Math.Sqrt(2.0 * count));
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_scene_depends_on_seed_purpose_and_number_alone()
    {
        await Task.Yield();
        var scenes = new ApronedScenes();
        var few = scenes.Generate(3, 7, "train");
        var many = scenes.Generate(9, 7, "train");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(few.Colours(i).ToArray(), many.Colours(i).ToArray());
            Assert.Equal(few.Labels(i).ToArray(), many.Labels(i).ToArray());
        }
        Assert.NotEqual(few.Colours(0).ToArray(), few.Colours(1).ToArray());
        Assert.NotEqual(few.Labels(0).ToArray(), few.Labels(1).ToArray());
        Assert.NotEqual(few.Labels(0).ToArray(), scenes.Generate(3, 7, "test").Labels(0).ToArray());
        Assert.NotEqual(few.Labels(0).ToArray(), scenes.Generate(3, 8, "train").Labels(0).ToArray());
        using var device = TestDevices.Open();
        using var scope = device.Scope();
        Assert.Equal(many.Colours(4).ToArray(), many.ImagesOn(device, [8, 4]).Slice(0, 1).ToArray());
        Assert.Equal([.. many.Labels(8), .. many.Labels(4)], many.LabelsOn(device, [8, 4]).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => many.Colours(9).ToArray());
        Assert.Contains("Size is 20", Assert.Throws<ArgumentException>(() => (scenes with { Size = 20 }).Generate(1, 1, "x")).Message, StringComparison.Ordinal);
    }
}
