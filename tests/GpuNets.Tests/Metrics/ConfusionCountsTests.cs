namespace GpuNets.Tests.Metrics;

/// <summary>Scores of small matrices that can be computed by hand.</summary>
public sealed class ConfusionCountsTests
{
    // labels 0: 6 right, 2 as 1; labels 1: 1 as 0, 3 right; class 2 never occurs; labels 3: 2 as 0, 2 as 1, none right
    private static readonly ConfusionCounts s_counts = new(4, [6, 2, 0, 0, 1, 3, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0]);

    [Fact]
    public void Scores_follow_from_the_counts()
    {
        Assert.Equal(16, s_counts.Total);
        Assert.Equal([6 / 11.0, 3 / 8.0, double.NaN, 0], s_counts.IoU());
        Assert.Equal((6 / 11.0 + 3 / 8.0) / 3, s_counts.MeanIoU(), 1e-12);
        Assert.Equal((6 / 11.0 + 3 / 8.0) / 4, s_counts.MeanIoU(absentAsZero: true), 1e-12);
        Assert.Equal(3 / 8.0 / 2, s_counts.MeanIoU([1, 2, 3]), 1e-12);
        Assert.Equal(9 / 16.0, s_counts.PixelAccuracy, 1e-12);
        Assert.Equal((6 / 8.0 + 3 / 4.0 + 0) / 3, s_counts.MeanClassAccuracy, 1e-12);
        Assert.Equal(8 / 16.0 * 6 / 11 + 4 / 16.0 * 3 / 8, s_counts.FrequencyWeightedIoU, 1e-12);
    }

    [Fact]
    public void Categories_merge_confusions_within_them()
    {
        var categories = s_counts.ByCategory(0, 0, 1, 1);
        Assert.Equal([12 / 16.0, 0], categories.IoU());
        var without = s_counts.ByCategory(0, 1, -1, -1);   // labels and predictions of the last two are left out
        Assert.Equal([6 / 9.0, 3 / 6.0], without.IoU());
    }

    [Fact]
    public void Nothing_has_no_scores()
    {
        var none = new ConfusionCounts(2, new long[4]);
        Assert.All([none.MeanIoU(), none.PixelAccuracy, none.MeanClassAccuracy, none.FrequencyWeightedIoU, none.IoU(1)], score => Assert.True(double.IsNaN(score)));
        Assert.Equal(0, none.MeanIoU(absentAsZero: true));
    }

    [Fact]
    public void Counts_beyond_32_bits_add_up()
    {
        var large = new ConfusionCounts(2, [3_000_000_000, 1_000_000_000, 0, 2_000_000_000]);
        Assert.Equal(12_000_000_000, (large + large).Total);
        Assert.Equal([0.75, 2 / 3.0], (large + large).IoU());
    }

    [Fact]
    public void What_is_no_matrix_is_refused()
    {
        Assert.Equal("ConfusionCounts: 3 counts do not fill a matrix of 2 classes.", Assert.Throws<ShapeException>(() => new ConfusionCounts(2, [1, 2, 3])).Message);
        Assert.Equal("ConfusionCounts: a count is -1, expected at least 0.", Assert.Throws<ShapeException>(() => new ConfusionCounts(1, [-1])).Message);
        Assert.Equal("ByCategory: 3 categories do not fit 4 classes.", Assert.Throws<ShapeException>(() => s_counts.ByCategory(0, 1, 2)).Message);
        Assert.Equal("ByCategory: category -2 is below -1.", Assert.Throws<ShapeException>(() => s_counts.ByCategory(0, 1, 2, -2)).Message);
        Assert.Equal("ByCategory: no class has a category.", Assert.Throws<ShapeException>(() => s_counts.ByCategory(-1, -1, -1, -1)).Message);
        Assert.Equal("ConfusionCounts: counts of 4 and 1 classes do not add up.", Assert.Throws<ShapeException>(() => s_counts + new ConfusionCounts(1, [1])).Message);
    }
}
