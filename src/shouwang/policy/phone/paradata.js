// Prepared columns about how a visit was made, as shouwang/policy/columns/paradata.py has them.

const EARTH_M = 6371008.8;

// great-circle distance between two points in whole metres
function metres_between(lng, lat, lng2, lat2) {
  const radians = (degrees) => (degrees * Math.PI) / 180;
  const half =
    Math.sin(radians(lat2 - lat) / 2) ** 2 +
    Math.cos(radians(lat)) * Math.cos(radians(lat2)) * Math.sin(radians(lng2 - lng) / 2) ** 2;
  return Math.floor(2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, half))) + 0.5);
}

prepared["visits.point_missing"] = (row) => row.lng === null || row.lat === null;

prepared["visits.study_people_count"] = (row) =>
  new Set((row.study_people || "").split(/[;；,，、\s]+/).filter((name) => name)).size;

// metres to the household's own point, else to the nearest other visit of the household
prepared["visits.house_distance_m"] = (row, tables, household) => {
  if (row.lng === null || row.lat === null) return null;
  if (household.lng !== null && household.lat !== null)
    return metres_between(row.lng, row.lat, household.lng, household.lat);
  const others = (tables.visits || [])
    .filter((visit) => visit.visit_id !== row.visit_id && visit.lng !== null && visit.lat !== null)
    .map((visit) => metres_between(row.lng, row.lat, visit.lng, visit.lat));
  return others.length ? Math.min(...others) : null;
};

// seconds since the beginning of 1970 of a time without a zone
function seconds_of(moment) {
  const parts = moment.slice(11).split(":");
  return day_number(moment.slice(0, 10)) * 86400 + Number(parts[0]) * 3600 + Number(parts[1] || 0) * 60 + Number(parts[2] || 0);
}

prepared["visits.duration_s"] = (row) =>
  row.started_at === null || row.ended_at === null ? null : Math.floor(seconds_of(row.ended_at) - seconds_of(row.started_at));

prepared["visits.start_hour"] = (row) => (row.started_at === null ? null : Number(row.started_at.slice(11, 13)));

prepared["visits.started_that_day"] = (row) =>
  row.started_at === null || row.visited_on === null ? null : row.started_at.slice(0, 10) === row.visited_on;
