namespace GpuNets.Training;

/// <summary>Pictures and labels as a network takes them, on the host.</summary>
/// <param name="Images">Inputs [samples, 3, height, width].</param>
/// <param name="ImageShape">Their shape.</param>
/// <param name="Labels">Labels [samples, rows, columns] of the network's outputs, <see cref="LabelMap.Void"/> where there is none.</param>
/// <param name="LabelShape">Their shape.</param>
/// <param name="Samples">Which pictures of the set they are.</param>
public sealed record SegmentationBatch(float[] Images, Shape ImageShape, int[] Labels, Shape LabelShape, IReadOnlyList<int> Samples)
{
    /// <summary>Copies the batch to a device: images [N, 3, H, W] and labels [N, rows, columns]. They belong to the innermost scope.</summary>
    public (Tensor Images, IndexTensor Labels) Upload(Device device) => (device.Tensor(Images, ImageShape), device.Indices(Labels, LabelShape, LabelMap.Void + 1));
}
